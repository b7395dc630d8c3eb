import { FaultProxy } from '@kkm/testkit';
import { localPortsOf } from '../../bench/measure/processes';
import type { NewTerminal } from '../../setup/equipment';
import type { StackWays } from '../../stack/start-stack';
import { BreakableLink } from './breakable-link';

/** How the terminals of a run differ from the published defaults: short waits, so that a minute shows what takes an evening in a café. */
const profile = { cardWaitMs: 2_000, timeouts: { ackMs: 500, firstAnswerMs: 1_000, idleMs: 1_500, hardMs: 12_000 } } as const;

/** Every link of the system, each by way of a proxy of its own that can be cut, silenced and slowed down. */
export class Ways implements StackWays {
  private readonly toTerminals = new Map<string, BreakableLink>();
  private readonly toBroker = new Map<string, BreakableLink>();

  async broker(service: string, amqpUrl: string): Promise<string> {
    const proxy = await FaultProxy.before(amqpUrl);
    this.toBroker.set(service, new BreakableLink(proxy));
    return proxy.through(amqpUrl);
  }

  async terminal({ id, host, port }: NewTerminal): Promise<NewTerminal> {
    const proxy = await FaultProxy.before(`tcp://${host}:${port}`);
    this.toTerminals.set(id, new BreakableLink(proxy));
    return { id, host: '127.0.0.1', port: proxy.port, profile };
  }

  /** The link between the workers and a terminal. */
  terminalLink(terminalId: string): BreakableLink {
    return found(this.toTerminals, terminalId);
  }

  /** The link between a service and the broker. */
  brokerLink(service: string): BreakableLink {
    return found(this.toBroker, service);
  }

  /** Terminals to which the process is connected at this moment, by the kernel's own table. */
  terminalsOf(pid: number): readonly string[] {
    const ports = localPortsOf(pid);
    return [...this.toTerminals].filter(([, link]) => link.isUsedFrom(ports)).map(([id]) => id);
  }

  /** Ends the proxies. */
  async close(): Promise<void> {
    await Promise.all([...this.toTerminals.values(), ...this.toBroker.values()].map((link) => link.close()));
  }
}

function found(links: ReadonlyMap<string, BreakableLink>, name: string): BreakableLink {
  const link = links.get(name);
  if (!link) throw new Error(`There is no link of ${name}`);
  return link;
}
