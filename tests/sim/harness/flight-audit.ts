import { permitTimes } from '@kkm/core';
import type { PermitRequest } from '@kkm/core';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import type { Disk } from './sim-journal';
import type { SimProcess } from './sim-process';

/** Who sends: the life of a worker, with its disk. */
export interface Sender {
  readonly process: SimProcess;
  readonly workerId: string;
  readonly disk: Disk;
}

/** A financial request under way at a terminal. */
export interface Flight {
  readonly attemptId: string;
  readonly terminalId: string;
  readonly sender: Sender;
  readonly asks: number;
}

/** Holds the bytes that move money against permits and journals. */
export class FlightAudit {
  private readonly flights = new Map<string, Flight>();
  /** The answer may be told before the terminal hears the acknowledgement. */
  private readonly lastFlights = new Map<string, Flight>();
  private readonly sends = new Map<string, { asks: number; mayAskAgain: boolean }>();
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly world: { readonly store: MemoryLedgerStore; nowMs(): number },
    private readonly must: (holds: boolean, what: string) => void,
  ) {}

  /** A worker asked for a permit. The first time counts that nothing was answered to. */
  permitAsked(request: PermitRequest): void {
    const handling = `${request.attemptId}/${request.nonce}`;
    if (!this.asked.has(handling)) this.asked.set(handling, this.world.nowMs());
  }

  /** The ledger refused: what is asked again was not granted by this request. */
  permitRefused({ attemptId, nonce }: PermitRequest): void {
    this.asked.delete(`${attemptId}/${nonce}`);
  }

  /** The bytes of a sale or return leave a worker. */
  sent(flight: Flight): void {
    const { attemptId, terminalId, sender } = flight;
    const now = this.world.nowMs();
    const permit = this.world.store.books.permits.get(attemptId);
    const status = this.world.store.books.attempts.get(attemptId)?.shown.status;
    this.must(permit !== undefined && status === 'granted', `${attemptId} was sent without a permit in force (${status ?? 'unknown attempt'})`);
    this.must(permit?.workerId === sender.workerId && permit.takeOvers === 0, `${attemptId} was sent under another's permit`);
    const entry = sender.disk.entries.get(attemptId);
    this.must(entry?.state === 'begun', `${attemptId} was sent without a journal entry`);
    const earlier = this.sends.get(attemptId);
    this.must(!earlier || earlier.mayAskAgain, `${attemptId} was sent again`);
    const withinMs = earlier ? permitTimes.driveWithinMs : permitTimes.sendWithinMs;
    const askedMs = permit ? this.asked.get(`${attemptId}/${permit.nonce}`) : undefined;
    this.must(askedMs === undefined || now - askedMs < withinMs, `${attemptId} was sent ${now - (askedMs ?? 0)} ms after its permit was asked for`);
    const other = this.flights.get(terminalId);
    this.must(!other || other.attemptId === attemptId || !other.sender.process.moving, `${terminalId} is driven by two`);
    this.sends.set(attemptId, { asks: (earlier?.asks ?? 0) + 1, mayAskAgain: false });
    this.flights.set(terminalId, flight);
    this.lastFlights.set(terminalId, flight);
  }

  /** Its conversation ended. */
  answered(flight: Pick<Flight, 'attemptId' | 'terminalId'>, readFailure: boolean): void {
    const sent = this.sends.get(flight.attemptId);
    if (sent) sent.mayAskAgain = readFailure;
    if (this.flights.get(flight.terminalId)?.attemptId === flight.attemptId) this.flights.delete(flight.terminalId);
  }

  /** A terminal heard that its result has arrived. */
  acknowledged(terminalId: string, by: SimProcess): void {
    const flight = this.lastFlights.get(terminalId);
    if (flight?.sender.process !== by || !by.alive) return;
    const entry = flight.sender.disk.entries.get(flight.attemptId);
    const asksAgain = entry?.state === 'begun' && entry.readFailures > 0 && entry.asks > flight.asks;
    this.must(flight.sender.disk.answered.has(flight.attemptId) || asksAgain, `${flight.attemptId}: the result was acknowledged before it was in the journal`);
  }
}
