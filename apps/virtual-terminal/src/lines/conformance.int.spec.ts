import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Transport } from '@kkm/core';
import { inpasSubject, scenarios } from '@kkm/drivers/conformance';
import type { ConformanceSubject } from '@kkm/drivers/conformance';
import { describeWith } from '@kkm/testkit';
import { connectTcp, openSerial } from '@kkm/transports';
import { LineWire } from '../testing/line-wire';
import { CableLine } from './cable-line';
import type { Line, Place } from './line';
import { TcpLine } from './tcp-line';

const host = '127.0.0.1';

function reach(place: Place): Promise<Transport> {
  if (place.kind === 'tcp') return connectTcp({ host, port: place.port, timeoutMs: 1_000 });
  return openSerial({ path: place.path, baudRate: 115_200, parity: 'none', stopBits: 1 });
}

/** The whole fault script over real bytes; only the clock is the lab's. */
function theScriptOver(makeLine: () => Line): void {
  const wires: LineWire[] = [];
  const subject: ConformanceSubject = {
    ...inpasSubject,
    makeWire: async (terminal) => {
      const wire = await LineWire.over(makeLine(), terminal, reach);
      wires.push(wire);
      return wire;
    },
  };
  afterEach(() => Promise.all(wires.splice(0).map((wire) => wire.close())));

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    expect(await scenario.run(subject)).toEqual([]);
    expect(wires).not.toEqual([]);
  });
}

describe('the INPAS SA driver against its terminal over TCP', () => {
  theScriptOver(() => new TcpLine({ host, port: 0 }));
});

describeWith(['socat'], 'the INPAS SA driver against its terminal on a serial cable', () => {
  const folder = mkdtempSync('/dev/shm/kkm-lines-');
  let cables = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  theScriptOver(() => {
    cables += 1;
    return new CableLine(join(folder, `cable-${cables}`), (error) => {
      throw error;
    });
  });
});
