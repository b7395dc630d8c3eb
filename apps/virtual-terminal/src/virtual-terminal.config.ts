import { loadConfig, port, serviceVariables, wholeNumber } from '@kkm/config';
import type { Environment } from '@kkm/config';
import { z } from 'zod';
import { readMerchants } from './sbp/desk-input';
import { readTerminalList } from './terminal-list';

const schema = z.object({
  ...serviceVariables,
  KKM_HTTP_PORT: port.default(8083),
  /** `pax-1:5201,pax-2:5202`, or `pax-1..64:5201` for consecutive ids and ports; port 0 takes a free one. `usb-1:/dev/shm/kkm/usb-1`: on a cable that socat plays. */
  KKM_VT_TERMINALS: z
    .string()
    .default('pax-1:5201')
    .transform((text, context) => {
      const list = readTerminalList(text);
      if (typeof list !== 'string') return list;
      context.addIssue({ code: 'custom', message: list });
      return z.NEVER;
    }),
  /** Merchants of the SBP bank with their secrets: `MA0000000001:secret`, several separated by commas. */
  KKM_VT_SBP_ACCOUNTS: z
    .string()
    .default('')
    .transform((text, context) => {
      const merchants = readMerchants(text);
      if (typeof merchants !== 'string') return merchants;
      context.addIssue({ code: 'custom', message: merchants });
      return z.NEVER;
    }),
  /** How long a terminal waits for a card. */
  KKM_VT_CARD_WAIT_MS: wholeNumber(100, 3_600_000).default(60_000),
  /** How often a working terminal says so. */
  KKM_VT_WAIT_EVERY_MS: wholeNumber(100, 60_000).default(1_000),
});

/** The virtual terminal's configuration, checked and frozen. */
export type VirtualTerminalConfig = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig with all faults. */
export function virtualTerminalConfig(env: Environment = process.env): VirtualTerminalConfig {
  return loadConfig(schema, env);
}
