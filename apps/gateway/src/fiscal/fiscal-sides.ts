import { ForwardRegister, looseList, looseMember, RemoteCommands, remoteTimes, VirtualRegister } from '@kkm/flow/kkmserver';
import type { FiscalRegister, ForwardedChecks, RemoteRegister, VirtualBooks } from '@kkm/flow/kkmserver';
import type { KeptFiscal, RegisterRow } from '../postgres/equipment.row';
import { unitNameOf } from '../units/list-unit';
import type { ListedUnit } from '../units/list-unit';
import { localTime } from '../units/local-time';
import type { FiscalSides } from '../units/site-units';
import type { FiscalPasswords } from './fiscal-passwords';
import { httpRegister } from './http-register';

/** What fiscal sides are made over. */
export interface FiscalSideParts {
  readonly virtualBooks: VirtualBooks;
  readonly forwardedChecks: ForwardedChecks;
  readonly passwords: FiscalPasswords;
}

type Forward = Extract<KeptFiscal, { readonly mode: 'forward' }>;

/** How long what a register says of itself is believed; that it does not answer, only for the shorter time. */
const describedMs = 60_000;
const silentMs = 5_000;

const nowMs = (): number => Date.now();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The fiscal sides of registers, by their settings. */
export function fiscalSides({ virtualBooks, forwardedChecks: checks, passwords }: FiscalSideParts): FiscalSides {
  const described = new Map<string, { readonly untilMs: number; readonly unit: Promise<ListedUnit | null> }>();
  const remoteOf = (row: RegisterRow, fiscal: Forward): RemoteRegister => httpRegister({ ...fiscal, password: () => passwordOf(row, fiscal, passwords) });
  const settingsOf = (row: RegisterRow) => {
    const { site_id: siteId, id: registerId, num_device: numDevice, enabled, on_receipt_failure: onReceiptFailure } = row;
    return { siteId, registerId, numDevice, enabled, onReceiptFailure, unitName: unitNameOf(row) };
  };
  return {
    of: (row): FiscalRegister => {
      const settings = settingsOf(row);
      if (row.fiscal.mode === 'none') return new VirtualRegister(settings, { books: virtualBooks, nowMs, local: localTime });
      const commands = new RemoteCommands(remoteOf(row, row.fiscal), sleep);
      return new ForwardRegister({ ...settings, numDeviceThere: row.fiscal.numDevice }, { commands, checks, nowMs });
    },
    described: async (row) => {
      if (row.fiscal.mode === 'none') return null;
      const name = JSON.stringify([row.site_id, row.id, row.fiscal]);
      const known = described.get(name);
      if (known && known.untilMs > nowMs()) return known.unit;
      const unit = describe(remoteOf(row, row.fiscal), row.fiscal.numDevice);
      described.set(name, { untilMs: nowMs() + describedMs, unit });
      if ((await unit) === null) described.set(name, { untilMs: nowMs() + silentMs, unit });
      return unit;
    },
  };
}

function passwordOf(row: RegisterRow, { url, login, sealedPassword }: Forward, passwords: FiscalPasswords): Promise<string> {
  return sealedPassword === null ? Promise.resolve('') : passwords.open(sealedPassword, { siteId: row.site_id, registerId: row.id, url, login });
}

/** The register there as its own list shows it: the one with the number, or its first. */
async function describe(remote: RemoteRegister, numDevice: number): Promise<ListedUnit | null> {
  const answer = await remote.execute({ Command: 'List', NumDevice: numDevice, IdCommand: '', Timeout: remoteTimes.lookMs / 1_000 }, remoteTimes.lookMs);
  if (answer.kind !== 'answered') return null;
  const listed = looseList(looseMember(answer.body, 'ListUnit'));
  return (numDevice === 0 ? listed[0] : listed.find((unit) => Number(looseMember(unit, 'NumDevice')) === numDevice)) ?? null;
}
