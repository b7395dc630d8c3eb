/** What a test's set-up has opened. It is closed last first, also where the set-up fails half-way: one open socket keeps Jest from ending. */
export class Opened {
  private readonly closers: (() => Promise<unknown>)[] = [];

  /** Notes how something that was just opened is closed. */
  keep<T>(thing: T, close: (thing: T) => Promise<unknown>): T {
    this.closers.push(() => close(thing));
    return thing;
  }

  /** Does a set-up; where it fails, all that was opened is closed before the failure is told. */
  async orClose<T>(setUp: () => Promise<T>): Promise<T> {
    try {
      return await setUp();
    } catch (error) {
      await this.close().catch(() => undefined); // The first failure is the one to mend.
      throw error;
    }
  }

  /** Closes everything, whatever cannot be closed; then throws what was in the way. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.closers.pop(); close; close = this.closers.pop()) await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
