import { elapsedMs, now, type Moment } from './moments';
import type { Clock, TerminalQueues, WorkerWatch } from './ports';
import { rankWorkers } from './rendezvous';
import type { TerminalLines } from './terminal-lines';
import type { WorkerTimes } from './worker-times';

/** What {@link ShareTerminals} needs of the worker around it. */
export interface SharePorts {
  readonly workerId: string;
  readonly clock: Clock;
  readonly queues: TerminalQueues;
  readonly lines: TerminalLines;
  readonly watch: Pick<WorkerWatch, 'note'>;
  readonly times: Pick<WorkerTimes, 'standByMs'>;
}

/** This worker's place at one terminal's queue. */
interface Place {
  owner: string | null;
  /** From when on this worker may subscribe. */
  mayFrom: Moment;
  waitMs: number;
  subscription: { cancel(): Promise<void> } | null;
  /** A subscription is being made or ended. */
  moving: Promise<void> | null;
}

/**
 * Shares a site's terminals among its workers. A queue gives everything to the worker that subscribed first, so the owner by rendezvous hash subscribes
 * at once and the others stand by behind it; when the owner changes, whoever is not it drains, acknowledges, cancels and steps behind (design-money, clause 23).
 */
export class ShareTerminals {
  private readonly places = new Map<string, Place>();
  private leaving = false;

  constructor(private readonly ports: SharePorts) {}

  /** Whether this worker is the one that should serve the terminal. */
  owns(terminalId: string): boolean {
    return !this.leaving && this.places.get(terminalId)?.owner === this.ports.workerId;
  }

  /** How many queues this worker is subscribed to. */
  get subscribed(): number {
    return [...this.places.values()].filter((place) => place.subscription !== null).length;
  }

  /** Compares what is with what should be and sets what differs in motion. Called whenever members or terminals changed, and now and then. */
  reconcile(workerIds: readonly string[]): void {
    if (this.leaving) return;
    for (const line of this.ports.lines.all()) this.place(line.terminalId, workerIds);
    for (const [terminalId, place] of this.places) {
      if (!this.ports.lines.find(terminalId)) this.leave(terminalId, place);
      else if (!place.subscription && !place.moving && this.isTime(place)) this.move(place, () => this.subscribe(terminalId, place));
    }
  }

  /** Gives every queue back: what runs ends and is acknowledged first. */
  async leaveAll(): Promise<void> {
    this.leaving = true;
    for (const [terminalId, place] of this.places) this.move(place, () => this.cancel(terminalId, place));
    await Promise.all([...this.places.values()].map((place) => place.moving ?? Promise.resolve()));
  }

  private place(terminalId: string, workerIds: readonly string[]): void {
    const { workerId, clock, times } = this.ports;
    const ranked = rankWorkers(terminalId, workerIds);
    const owner = ranked[0] ?? null;
    const place = this.places.get(terminalId) ?? { owner: null, mayFrom: now(clock), waitMs: 0, subscription: null, moving: null };
    this.places.set(terminalId, place);
    if (place.owner === owner) return;
    place.owner = owner;
    place.mayFrom = now(clock);
    place.waitMs = Math.max(0, ranked.indexOf(workerId)) * times.standByMs;
    if (owner !== workerId && (place.subscription || place.moving)) this.move(place, () => this.cancel(terminalId, place));
  }

  private isTime(place: Place): boolean {
    return place.waitMs === 0 || elapsedMs(this.ports.clock, place.mayFrom) >= place.waitMs;
  }

  private leave(terminalId: string, place: Place): void {
    this.places.delete(terminalId);
    this.move(place, () => this.cancel(terminalId, place));
  }

  /** Ends a subscription, then leaves the terminal as soon as nothing runs there: who comes next finds it free. */
  private async cancel(terminalId: string, place: Place): Promise<void> {
    const { subscription } = place;
    place.subscription = null;
    await subscription?.cancel();
    const line = this.ports.lines.find(terminalId);
    // Upkeep that runs there just now is not waited for.
    if (!this.owns(terminalId)) void line?.exclusive(() => Promise.resolve(line.release()));
  }

  private async subscribe(terminalId: string, place: Place): Promise<void> {
    place.subscription = await this.ports.queues.subscribe(terminalId, 'commands');
  }

  /** One movement after another; a failed one is tried again at a later look. */
  private move(place: Place, movement: () => Promise<void>): void {
    const moving = (place.moving ?? Promise.resolve())
      .then(movement)
      .catch((error: unknown) => this.ports.watch.note('background work failed', { work: 'sharing', error }));
    const settled = moving.then(() => {
      if (place.moving === settled) place.moving = null;
    });
    place.moving = settled;
  }
}
