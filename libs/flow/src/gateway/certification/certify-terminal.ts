import { Rejected, Unavailable } from '@kkm/core';
import type { CertificationPlan } from '@kkm/core';
import type { Ledger } from '../ports';
import type { Clock } from '../../worker/ports';
import { afterPrompt, beginCertification, stopping } from './certification-record';
import type { CertificationRecord } from './certification-record';
import type { CertificationFilter, CertificationStore } from './certification-store';

/** What {@link CertifyTerminal} stands on. */
export interface CertifyPorts {
  readonly store: CertificationStore;
  readonly ledger: Pick<Ledger, 'standing'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly newId: (prefix: 'crt') => string;
}

/** A terminal of a site. */
interface TerminalName {
  readonly siteId: string;
  readonly terminalId: string;
}

/** How often a change is decided anew because the driver was faster. */
const triesMax = 12;

/** How many earlier certifications one is compared with. */
const earlierMax = 5;

/** Lets people certify terminals. What is asked for is stored, and driven by whichever replica looks next. */
export class CertifyTerminal {
  constructor(private readonly ports: CertifyPorts) {}

  /** @throws Rejected `certification.running`, `terminal.in_doubt`, `equipment.terminal_busy`. */
  async start(asked: TerminalName & { readonly plan: CertificationPlan; readonly by: string }): Promise<CertificationRecord> {
    const { store, ledger, clock, newId } = this.ports;
    const { siteId, terminalId, plan, by: askedBy } = asked;
    const { occupantAttemptId, inDoubt } = await ledger.standing({ siteId, terminalId });
    if (inDoubt) throw new Rejected('terminal.in_doubt', { detail: `Attempt ${occupantAttemptId ?? ''} is in doubt.` });
    if (occupantAttemptId !== null) throw new Rejected('equipment.terminal_busy', { detail: `Attempt ${occupantAttemptId} is running.` });
    const record = beginCertification({ id: newId('crt'), siteId, terminalId, plan, askedBy }, clock.wallMs());
    if (!(await store.add(record))) throw new Rejected('certification.running');
    return record;
  }

  /** @throws Rejected `certification.not_found`. */
  async read({ siteId, terminalId }: TerminalName, id: string): Promise<CertificationRecord> {
    const record = await this.ports.store.find(id);
    if (record?.siteId !== siteId || record.terminalId !== terminalId) throw new Rejected('certification.not_found');
    return record;
  }

  /** Newest first. */
  list(filter: CertificationFilter): Promise<readonly CertificationRecord[]> {
    return this.ports.store.list(filter);
  }

  /** The terminal's graded certifications before this one, newest first: what it is compared with. */
  async earlier({ siteId, terminalId, id }: CertificationRecord): Promise<readonly CertificationRecord[]> {
    const before = await this.ports.store.list({ siteId, terminalId, beforeId: id, limit: 4 * earlierMax });
    return before.filter(({ outcome }) => outcome?.graded).slice(0, earlierMax);
  }

  /** Asks for the end: a payment that runs is cancelled, or given back, first. One that has ended stays as it is. */
  stop(terminal: TerminalName, id: string): Promise<CertificationRecord> {
    return this.change(terminal, id, (record) => (record.stopping ? record : stopping(record)));
  }

  /** A person did what prompt `number` asks. @throws Rejected `certification.not_asked`. */
  answer(terminal: TerminalName, id: string, number: number): Promise<CertificationRecord> {
    return this.change(terminal, id, (record) => {
      const after = afterPrompt(record, number, this.ports.clock.wallMs());
      if (!after) throw new Rejected('certification.not_asked');
      return after;
    });
  }

  private async change(terminal: TerminalName, id: string, decide: (record: CertificationRecord) => CertificationRecord): Promise<CertificationRecord> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const record = await this.read(terminal, id);
      const after = record.state === 'running' ? decide(record) : record;
      if (after === record || (await this.ports.store.save(after, this.ports.clock.wallMs()))) return after;
    }
    throw new Unavailable('settings.unavailable', { detail: 'The certification changes all the time.' });
  }
}
