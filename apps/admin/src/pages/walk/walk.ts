import { noBankIdentity } from '@kkm/core';
import { draftOfBank } from '../../equipment/bank-draft';
import type { BankDraft } from '../../equipment/bank-draft';
import type { LinkTest } from '../../equipment/link-test';
import { emptyTransports } from '../../equipment/transports';
import type { Transport } from '../../equipment/transports';
import type { Model } from '../../instructions/instruction-pages';

/** The steps of the walk, in the order of the field. */
export const walkSteps = ['model', 'connection', 'check', 'register', 'test'] as const;
/** One of {@link walkSteps}. */
export type WalkStep = (typeof walkSteps)[number];

/** What the walk knows so far. Nothing is saved before the end of the check. */
export interface Walk {
  readonly siteId: string;
  readonly model: Model;
  readonly name: string;
  readonly id: string;
  readonly profileId: string | null;
  readonly transport: Transport;
  readonly bank: BankDraft;
  readonly linkTest: LinkTest | null;
  /** Whether the terminal is entered: from then on the steps before are its settings page. */
  readonly isCreated: boolean;
}

/** The beginning of a walk. */
export function newWalk(siteId: string): Walk {
  return {
    siteId,
    model: 'pax-q25',
    name: '',
    id: '',
    profileId: null,
    transport: emptyTransports.tcp,
    bank: draftOfBank(noBankIdentity),
    linkTest: null,
    isCreated: false,
  };
}

/** The bank's part with the terminal id that the terminal itself told, where nobody typed another. */
export function withFoundTerminalId(bank: BankDraft, test: LinkTest): BankDraft {
  const found = test.link?.bankTerminalId ?? null;
  return bank.terminalId === '' && found !== null ? { ...bank, terminalId: found } : bank;
}
