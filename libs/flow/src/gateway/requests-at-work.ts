import { Rejected } from '@kkm/core';

/** Requests that this process is opening right now, by idempotency key. A second one with the same key is told to come back: it would wait on the first's row lock otherwise. */
export class RequestsAtWork {
  private readonly names = new Set<string>();

  /** Runs `work` unless the same name is at work. @throws Rejected `idempotency.in_progress`. */
  async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.names.has(name)) throw new Rejected('idempotency.in_progress', { members: { retryAfterSeconds: 1 } });
    this.names.add(name);
    try {
      return await work();
    } finally {
      this.names.delete(name);
    }
  }
}
