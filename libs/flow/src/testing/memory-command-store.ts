import { Unavailable } from '@kkm/core';
import { sameBillWithinMs } from '../kkmserver/command-store';
import type { CommandRecord, CommandStore, OutstandingFilter, Taken } from '../kkmserver/command-store';

/** Commands in memory; several replicas of a test share one. */
export class MemoryCommandStore implements CommandStore {
  private readonly records = new Map<string, CommandRecord>();
  private readonly leases = new Map<string, { readonly driver: string; readonly untilMs: number }>();
  /** Every record that was ever written, in order. */
  readonly written: CommandRecord[] = [];
  /** While it is, nobody can write or read. */
  isAway = false;

  constructor(private readonly nowMs: () => number) {}

  async take(record: CommandRecord): Promise<Taken> {
    this.mustBeThere();
    const known = this.named(record.siteId, record.idCommand);
    if (known) return { kind: 'known', record: known };
    const by = this.all().find((other) => isSameBill(other, record));
    if (by) return { kind: 'unresolved', by };
    this.put(record);
    return { kind: 'taken', record };
  }

  async byId(id: string): Promise<CommandRecord | null> {
    this.mustBeThere();
    return this.records.get(id) ?? null;
  }

  async byIdCommand(siteId: string, idCommand: string): Promise<CommandRecord | null> {
    this.mustBeThere();
    return this.named(siteId, idCommand);
  }

  async byPayment(paymentId: string): Promise<CommandRecord | null> {
    this.mustBeThere();
    return this.all().find((record) => record.acquiring === 'charge' && record.paymentId === paymentId) ?? null;
  }

  async byReceipt(bill: { readonly siteId: string; readonly registerId: string; readonly receiptNumber: string }): Promise<CommandRecord | null> {
    this.mustBeThere();
    return this.newest(
      ({ acquiring, paymentId, siteId, registerId, receiptNumber }) =>
        acquiring === 'charge' && paymentId !== null && siteId === bill.siteId && registerId === bill.registerId && receiptNumber === bill.receiptNumber,
    );
  }

  async newestCharge(siteId: string, terminalId: string): Promise<CommandRecord | null> {
    this.mustBeThere();
    return this.newest((record) => record.acquiring === 'charge' && record.siteId === siteId && record.terminalId === terminalId);
  }

  async save(record: CommandRecord): Promise<boolean> {
    this.mustBeThere();
    if (this.records.get(record.id)?.version !== record.version - 1) return false;
    this.put(record);
    return true;
  }

  async lease(id: string, driver: string, leaseMs: number): Promise<boolean> {
    this.mustBeThere();
    const lease = this.leases.get(id);
    if (!this.records.has(id) || (lease && lease.driver !== driver && lease.untilMs > this.nowMs())) return false;
    this.leases.set(id, { driver, untilMs: this.nowMs() + leaseMs });
    return true;
  }

  async release(id: string, driver: string): Promise<void> {
    this.mustBeThere();
    if (this.leases.get(id)?.driver === driver) this.leases.delete(id);
  }

  async abandoned(limit: number): Promise<readonly CommandRecord[]> {
    this.mustBeThere();
    const nowMs = this.nowMs();
    const idle = ({ id, stage, dueAtMs }: CommandRecord): boolean => stage !== 'done' && dueAtMs <= nowMs && (this.leases.get(id)?.untilMs ?? 0) <= nowMs;
    return this.all().filter(idle).slice(0, limit);
  }

  async outstanding({ siteIds, limit, afterId }: OutstandingFilter): Promise<readonly CommandRecord[]> {
    this.mustBeThere();
    return this.all()
      .filter(({ stage }) => stage === 'receipting' || stage === 'giving_back')
      .filter(({ id, siteId }) => (siteIds?.includes(siteId) ?? true) && (afterId === null || id > afterId))
      .slice(0, limit);
  }

  private named(siteId: string, idCommand: string): CommandRecord | null {
    return this.all().find((record) => record.siteId === siteId && record.idCommand === idCommand) ?? null;
  }

  /** In the order they were taken: ids sort by time. */
  private all(): readonly CommandRecord[] {
    return [...this.records.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private newest(isSought: (record: CommandRecord) => boolean): CommandRecord | null {
    return this.all().findLast(isSought) ?? null;
  }

  private put(record: CommandRecord): void {
    this.records.set(record.id, record);
    this.written.push(record);
  }

  private mustBeThere(): void {
    if (this.isAway) throw new Unavailable('settings.unavailable');
  }
}

/** Whether `other` may still charge the bill that `record` wants to charge. */
function isSameBill(other: CommandRecord, record: CommandRecord): boolean {
  if (record.acquiring !== 'charge' || other.acquiring !== 'charge' || other.stage === 'done' || other.siteId !== record.siteId) return false;
  if (other.registerId !== record.registerId || (record.registerId === null && other.terminalId !== record.terminalId)) return false;
  if (record.receiptNumber !== null) return other.receiptNumber === record.receiptNumber;
  return other.chargeAmount === record.chargeAmount && other.takenAtMs > record.takenAtMs - sameBillWithinMs;
}
