import { withCrashPoints } from '@kkm/crash-points';
import type { Reach } from '@kkm/crash-points';
import type { CommandPublisher, Ledger, SbpLedger } from '@kkm/flow/gateway';
import type { CommandStore, DoorRegister, DoorUnits } from '@kkm/flow/kkmserver';
import type { IngressDoor } from './amqp/ingress-door';
import type { CheckFollower } from './desk/check-follower';

/** The ledger as the gateway calls it, with crash points around every call that changes a payment. */
export function crashingLedger(ledger: Ledger, reach: Reach | null): Ledger {
  return withCrashPoints(ledger, reach, {
    open: () => ({ before: 'gateway.open:before', after: 'gateway.open:after' }),
    redo: () => ({ before: 'gateway.redo:before', after: 'gateway.redo:after' }),
    cancel: () => ({ before: 'gateway.cancel:before', after: 'gateway.cancel:after' }),
    switch: () => ({ before: 'gateway.switch:before', after: 'gateway.switch:after' }),
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

/** The store of commands, with crash points around everything that is written about one. */
export function crashingCommandStore(store: CommandStore, reach: Reach | null): CommandStore {
  return withCrashPoints(store, reach, {
    take: () => ({ before: 'gateway.check-taken:before', after: 'gateway.check-taken:after' }),
    save: () => ({ before: 'gateway.check-written:before', after: 'gateway.check-written:after' }),
  });
}

/** The units of sites, whose registers have crash points around each receipt. */
export function crashingUnits(units: DoorUnits, reach: Reach | null): DoorUnits {
  if (!reach) return units;
  const crashing = (register: DoorRegister | null): DoorRegister | null => {
    const receipt = () => ({ before: 'gateway.check-receipt:before', after: 'gateway.check-receipt:after' }) as const;
    return register && { ...register, fiscal: withCrashPoints(register.fiscal, reach, { receipt }) };
  };
  return {
    register: async (siteId, command) => crashing(await units.register(siteId, command)),
    registerById: async (siteId, registerId) => crashing(await units.registerById(siteId, registerId)),
    terminal: (siteId, numDevice) => units.terminal(siteId, numDevice),
    list: (siteId, filters) => units.list(siteId, filters),
    onOff: (siteId, numDevice, active) => units.onOff(siteId, numDevice, active),
  };
}

/** The follower of completion events, with crash points around each. */
export function crashingFollower(follower: CheckFollower, reach: Reach | null): CheckFollower {
  return withCrashPoints(follower, reach, { handle: () => ({ before: 'gateway.check-followed:before', after: 'gateway.check-followed:after' }) });
}
