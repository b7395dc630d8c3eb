import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@kkm/core';
import type { Reach } from '@kkm/crash-points';
import type { Digest, Equipment } from '@kkm/flow/gateway';
import {
  AnswerCommand,
  DriveAbandoned,
  DriveCommand,
  FindOriginal,
  FollowPayment,
  RetryCommand,
  SagaSteps,
  serverData,
  TakeCommand,
} from '@kkm/flow/kkmserver';
import type { CommandPorts, DoorUnits, TerminalRequests } from '@kkm/flow/kkmserver';
import type { Log } from '@kkm/messaging';
import type { openDataSource } from '@kkm/postgres';
import { CheckFollower } from './desk/check-follower';
import { Checks } from './desk/checks';
import { CommandDrivers } from './desk/command-drivers';
import { commandPayments, findCharge } from './desk/command-payments';
import { crashingCommandStore, crashingFollower, crashingUnits } from './gateway-crash-points';
import type { GatewayParts } from './gateway.module';
import type { Payments } from './payments';
import { kkmCommands } from './postgres/kkm-commands';
import { serverFacts } from './units/server-facts';

/** What the desk is built over. */
export interface CommandDeskGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly payments: Payments;
  readonly units: DoorUnits;
  readonly equipment: Equipment;
  readonly terminals: TerminalRequests;
  readonly log: Log;
  readonly digest: Digest;
  readonly reach: Reach | null;
}

/** Builds the desk behind the KkmServer door, with what drives its commands and follows their payments. */
export function buildCommandDesk(ground: CommandDeskGround): Pick<GatewayParts, 'commandDesk' | 'drivers' | 'checks' | 'checkFollower'> {
  const { dataSource, payments, equipment, terminals, log, digest, reach } = ground;
  const store = crashingCommandStore(kkmCommands(dataSource), reach);
  const ports: CommandPorts = {
    store,
    units: crashingUnits(ground.units, reach),
    equipment,
    payments: commandPayments(payments),
    findCharge: findCharge(payments),
    terminals,
    serverData: () => Promise.resolve(serverData(serverFacts())),
    digest,
    newId: (prefix) => newId(prefix, Date.now(), randomBytes),
    clock: { wallMs: () => Date.now(), sleep: (ms) => pause(ms, undefined, { ref: false }) },
    log,
  };
  const original = new FindOriginal(ports);
  const answer = new AnswerCommand(ports, original);
  const drive = new DriveCommand(ports, new SagaSteps(ports, { answer, original }), `gateway-${randomUUID()}`);
  return {
    commandDesk: new TakeCommand(ports, { drive, answer }),
    drivers: new CommandDrivers(drive, new DriveAbandoned(ports, drive)),
    checks: new Checks(store, new RetryCommand(ports, drive)),
    checkFollower: crashingFollower(new CheckFollower(new FollowPayment(ports, drive)), reach),
  };
}
