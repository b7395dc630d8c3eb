import { withCrashPoints } from '@kkm/crash-points';
import type { Reach } from '@kkm/crash-points';
import type { CommandPublisher, Ledger, SbpLedger } from '@kkm/flow/gateway';
import type { IngressDoor } from './amqp/ingress-door';

/** The ledger as the gateway calls it, with crash points around every call that changes a payment. */
export function crashingLedger(ledger: Ledger, reach: Reach | null): Ledger {
  return withCrashPoints(ledger, reach, {
    open: () => ({ before: 'gateway.open:before', after: 'gateway.open:after' }),
    redo: () => ({ before: 'gateway.redo:before', after: 'gateway.redo:after' }),
    cancel: () => ({ before: 'gateway.cancel:before', after: 'gateway.cancel:after' }),
    resolve: () => ({ before: 'gateway.resolution:before', after: 'gateway.resolution:after' }),
    close: () => ({ before: 'gateway.close:before', after: 'gateway.close:after' }),
    refund: () => ({ before: 'gateway.refund:before', after: 'gateway.refund:after' }),
  });
}

/** The ledger as it hears banks, with crash points around each notification. */
export function crashingSbpLedger(ledger: SbpLedger, reach: Reach | null): SbpLedger {
  return withCrashPoints(ledger, reach, { notified: () => ({ before: 'gateway.notification:before', after: 'gateway.notification:after' }) });
}

/** The way of commands to the broker, with crash points. */
export function crashingCommands(commands: CommandPublisher, reach: Reach | null): CommandPublisher {
  return withCrashPoints(commands, reach, { publish: () => ({ sent: 'gateway.command:sent', after: 'gateway.command:after' }) });
}

/** The door of requests by message, with crash points around each. */
export function crashingIngress(door: IngressDoor, reach: Reach | null): IngressDoor {
  return withCrashPoints(door, reach, { handle: () => ({ before: 'gateway.ingress:before', after: 'gateway.ingress:after' }) });
}
