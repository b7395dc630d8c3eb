import type { FaultProxy, LinkFault } from '@kkm/testkit';
import { pause } from '../../bench/measure/clock';
import { Turns } from './turns';

/** A link that is broken for a while and then good again. One fault at a time. */
export class BreakableLink {
  private readonly turns = new Turns();

  constructor(private readonly proxy: FaultProxy) {}

  /** Breaks it and resolves when it is good again. `moment` is called directly before. */
  breakFor(ms: number, fault: LinkFault, moment: () => void): Promise<void> {
    return this.turns.take(async () => {
      moment();
      this.proxy.set(fault);
      await pause(ms);
      this.proxy.set({ kind: 'none' });
    });
  }

  /** Whether one of these ports is a client's that is connected now. */
  isUsedFrom(ports: ReadonlySet<number>): boolean {
    return this.proxy.clientPorts().some((port) => ports.has(port));
  }

  /** Ends it. */
  close(): Promise<void> {
    return this.proxy.close();
  }
}
