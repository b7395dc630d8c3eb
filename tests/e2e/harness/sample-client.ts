import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutRoot } from '@kkm/stack';

/** What `endpoints.json` tells the sample client. */
export interface ClientEndpoints {
  readonly api: string;
  readonly apiKey: string;
  readonly amqp: string;
  readonly siteId: string;
  readonly registerId: string;
}

/** How the sample client ended. */
export interface ClientEnd {
  readonly code: number | string | null;
  /** What it printed, errors too. */
  readonly output: string;
}

/** Runs `examples/icafecloud-client` as its README says, against a system at these addresses; for a minute at most. */
export async function runSampleClient(endpoints: ClientEndpoints): Promise<ClientEnd> {
  const directory = mkdtempSync(join(tmpdir(), 'kkm-client-'));
  const file = join(directory, 'endpoints.json');
  writeFileSync(file, JSON.stringify(endpoints), { mode: 0o600 });
  try {
    return await new Promise((ended) => {
      execFile(process.execPath, [join(checkoutRoot(), 'examples/icafecloud-client/client.mjs'), file], { timeout: 60_000 }, (error, printed, errors) =>
        ended({ code: error ? (error.code ?? null) : 0, output: printed + errors }),
      );
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
