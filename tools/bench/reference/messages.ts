/** The two queues of the reference pipeline. */
export const referenceQueues = { commands: 'bench.reference.commands', events: 'bench.reference.events' } as const;

/** Arguments of both queues: quorum, as every lasting queue of KKM is. */
export const referenceQueueArguments = { 'x-queue-type': 'quorum' } as const;

/** What a command of the reference pipeline asks for. `padding` makes it as large as a real message with its headers. */
export interface ReferenceOrder {
  readonly terminalId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly padding: string;
}

/** Size of a command's body in bytes. */
export const orderBytes = 1024;

/** The `number`-th command of a run, spread over 64 terminals. */
export function orderNumber(number: number): ReferenceOrder {
  const order = { terminalId: `pax-${(number % 64) + 1}`, amountMinor: 100 + (number % 9900), currency: 'RUB', padding: '' };
  return { ...order, padding: 'x'.repeat(orderBytes - JSON.stringify(order).length) };
}

/** What the driver tells the recorder's process, over Node's IPC. */
export type RecorderInstruction =
  | { readonly kind: 'start'; readonly amqpUrl: string; readonly databaseUrl: string; readonly batch: number; readonly prefetch: number }
  | { readonly kind: 'stop' };

/** What the recorder's process answers. */
export type RecorderReport = { readonly kind: 'ready' } | { readonly kind: 'stopped'; readonly cpuMs: number };
