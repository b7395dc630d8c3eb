import { baudRates, parities } from '@kkm/core';
import type { TerminalTransport } from '@kkm/core';
import { z } from 'zod';

const tcp = z.strictObject({
  kind: z.literal('tcp'),
  mode: z.enum(['connect', 'listen']).describe('`listen`: the terminal connects to the worker.'),
  host: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[A-Za-z0-9_.:-]+$/, 'must be a host name or an address'),
  port: z.int().min(1).max(65_535),
});

/** Below /dev, and no step back up: every piece between two slashes begins with something other than a full stop. */
const portPath = z
  .string()
  .max(255)
  .regex(/^\/dev(?:\/[A-Za-z0-9#+:=@_-][A-Za-z0-9#+.:=@_-]*)+$/, 'must be a path below /dev, for example /dev/serial/by-id/usb-PAX_Q25-if00');

const serial = z.strictObject({
  kind: z.literal('serial'),
  path: portPath.describe('On the machine of the worker. A link of `/dev/serial/by-id` stays the same whatever socket the cable is plugged into.'),
  baudRate: z.literal(baudRates).default(115_200),
  parity: z.enum(parities).default('none'),
  stopBits: z.literal([1, 2]).default(1),
});

/** How a terminal is connected: by network, or by a cable of the worker's machine. */
export const transportSchema = z.discriminatedUnion('kind', [tcp, serial]) satisfies z.ZodType<TerminalTransport>;

/** The same as it is shown: further members may come. */
export const shownTransportSchema = z.discriminatedUnion('kind', [tcp.strip(), serial.strip()]) satisfies z.ZodType<TerminalTransport>;
