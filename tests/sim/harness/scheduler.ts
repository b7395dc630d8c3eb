import type { Clock } from '@kkm/messaging';

interface Appointment {
  readonly dueMs: number;
  readonly order: number;
  readonly then: () => void;
  off: boolean;
}

/** The one clock and the one queue of everything that is going to happen. Same appointments, same order. */
export class Scheduler implements Clock {
  /** Appointments kept so far. */
  steps = 0;
  /** A fingerprint of the times and marks of everything that has happened. */
  history = 0x811c9dc5;
  private readonly heap: Appointment[] = [];
  private orders = 0;

  constructor(private currentMs: number) {}

  nowMs(): number {
    return this.currentMs;
  }

  after(ms: number, then: () => void): () => void {
    this.orders += 1;
    const appointment: Appointment = { dueMs: this.currentMs + Math.max(0, ms), order: this.orders, then, off: false };
    this.push(appointment);
    return () => {
      appointment.off = true;
    };
  }

  /** Writes something into the fingerprint. */
  mark(text: string): void {
    for (let at = 0; at < text.length; at += 1) this.history = Math.imul(this.history ^ text.charCodeAt(at), 0x01000193);
  }

  /** Keeps the next appointment that is due by then, and lets everything run that follows from it; false when there is none. */
  async step(untilMs: number): Promise<boolean> {
    for (let first = this.heap[0]; first?.off; first = this.heap[0]) this.pop();
    const [next] = this.heap;
    if (!next || next.dueMs > untilMs) return false;
    this.pop();
    this.currentMs = next.dueMs;
    this.steps += 1;
    this.history = Math.imul(this.history ^ (next.dueMs & 0xffffff) ^ next.order, 0x01000193);
    next.then();
    await settled();
    return true;
  }

  /** Moves to a moment when nothing is due before it. */
  arrive(atMs: number): void {
    this.currentMs = Math.max(this.currentMs, atMs);
  }

  private push(appointment: Appointment): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(appointment);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(appointment, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = appointment;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** Lets all promises run that can. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
