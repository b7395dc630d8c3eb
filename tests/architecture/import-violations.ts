import { importing, importingType } from './violation';
import type { Violation } from './violation';

const boundaries = 'eslint @nx/enforce-module-boundaries';

/** Imports against the layers and the homes of packages, each in a file of its own. */
export const importViolations: readonly Violation[] = [
  { what: 'an npm package in core', file: 'libs/core/src/x-zod.ts', text: importing('z', 'zod'), refusedBy: boundaries },
  {
    what: 'any import from outside in wire',
    file: 'libs/wire/src/x-core.ts',
    text: importing('check', '@kkm/core'),
    refusedBy: 'eslint no-restricted-imports',
  },
  { what: 'contracts in core', file: 'libs/core/src/x-contracts.ts', text: importing('exchanges', '@kkm/contracts'), refusedBy: boundaries },
  { what: 'a built-in module in core', file: 'libs/core/src/x-fs.ts', text: importing('readFileSync', 'node:fs'), refusedBy: 'eslint no-restricted-imports' },
  {
    what: 'a built-in module without its prefix in drivers',
    file: 'libs/drivers/src/kit/x-events.ts',
    text: importing('EventEmitter', 'events'),
    refusedBy: 'eslint no-restricted-imports',
  },
  {
    what: 'a type of Nest in core',
    file: 'libs/core/src/x-nest.ts',
    text: importingType('Type', '@nestjs/common'),
    refusedBy: 'depcruise nest-only-at-the-edge',
  },
  { what: 'messaging in flow', file: 'libs/flow/src/worker/x-messaging.ts', text: importing('connectBroker', '@kkm/messaging'), refusedBy: boundaries },
  { what: 'drivers in flow', file: 'libs/flow/src/worker/x-drivers.ts', text: importing('drivers', '@kkm/drivers'), refusedBy: boundaries },
  { what: 'contracts in flow', file: 'libs/flow/src/gateway/x-contracts.ts', text: importing('exchanges', '@kkm/contracts'), refusedBy: boundaries },
  {
    what: 'Nest in a use case',
    file: 'libs/flow/src/worker/x-nest.ts',
    text: importing('Injectable', '@nestjs/common'),
    refusedBy: 'depcruise nest-only-at-the-edge',
  },
  { what: 'transports in drivers', file: 'libs/drivers/src/inpas-sa/x-transports.ts', text: importing('connectTcp', '@kkm/transports'), refusedBy: boundaries },
  { what: 'SQL in contracts', file: 'libs/contracts/src/x-typeorm.ts', text: importing('DataSource', 'typeorm'), refusedBy: boundaries },
  { what: 'SQL in messaging', file: 'libs/messaging/src/x-typeorm.ts', text: importing('DataSource', 'typeorm'), refusedBy: 'depcruise sql-has-one-home' },
  { what: 'SQL beside a door', file: 'apps/gateway/src/http/x-pg.ts', text: importing('Pool', 'pg'), refusedBy: 'depcruise sql-has-one-home' },
  { what: 'amqplib outside messaging', file: 'apps/ledger/src/x-amqplib.ts', text: importing('connect', 'amqplib'), refusedBy: 'depcruise amqp-has-one-home' },
  {
    what: 'a type of amqplib outside messaging',
    file: 'apps/ledger/src/x-channel.ts',
    text: importingType('Channel', 'amqplib'),
    refusedBy: 'depcruise amqp-has-one-home',
  },
  {
    what: 'a socket in the worker',
    file: 'apps/terminal-worker/src/x-net.ts',
    text: importing('connect', 'node:net'),
    refusedBy: 'depcruise sockets-have-one-home',
  },
  { what: 'flow in an adapter', file: 'libs/postgres/src/x-flow.ts', text: importing('openPayment', '@kkm/flow/ledger'), refusedBy: boundaries },
  { what: 'drivers in an adapter', file: 'libs/transports/src/x-drivers.ts', text: importing('drivers', '@kkm/drivers'), refusedBy: boundaries },
  {
    what: 'Nest in a repository',
    file: 'apps/ledger/src/postgres/x-nest.ts',
    text: importing('Injectable', '@nestjs/common'),
    refusedBy: 'depcruise nest-only-at-the-edge',
  },
  {
    what: 'the terminal side of a protocol in the worker',
    file: 'apps/terminal-worker/src/x-terminals.ts',
    text: importing('terminals', '@kkm/drivers/terminals'),
    refusedBy: 'depcruise terminal-side-is-for-tests',
  },
  {
    what: 'a fake in production',
    file: 'apps/gateway/src/x-fake.ts',
    text: importing('fakes', '@kkm/flow/testing'),
    refusedBy: 'depcruise testing-only-in-tests',
  },
  {
    what: 'the test kit in production',
    file: 'apps/ledger/src/x-testkit.ts',
    text: importing('testDatabase', '@kkm/testkit'),
    refusedBy: 'depcruise testing-only-in-tests',
  },
  {
    what: 'another app',
    file: 'apps/gateway/src/x-app.ts',
    text: importing('x', '../../ledger/src/x-amqplib'),
    refusedBy: 'depcruise apps-do-not-know-each-other',
  },
  {
    what: 'a relative way into another project',
    file: 'apps/gateway/src/x-relative.ts',
    text: importing('check', '../../../libs/core/src/check'),
    refusedBy: boundaries,
  },
  {
    what: 'a way past the index of a library',
    file: 'apps/gateway/src/x-past.ts',
    text: importing('check', '../../../libs/core/src/check'),
    refusedBy: 'depcruise only-through-the-door',
  },
  { what: 'the index of its own library', file: 'libs/core/src/x-barrel.ts', text: importing('check', './index'), refusedBy: 'depcruise no-own-barrel' },
  {
    what: 'a package that is not declared',
    file: 'apps/ledger/src/x-undeclared.ts',
    text: importing('parse', 'semver'),
    refusedBy: 'depcruise no-undeclared-package',
  },
  {
    what: 'a package of development in production',
    file: 'apps/ledger/src/x-dev.ts',
    text: importing('configureGlobal', 'fast-check'),
    refusedBy: 'depcruise no-dev-package-in-production',
  },
  { what: 'an import that leads nowhere', file: 'apps/ledger/src/x-nowhere.ts', text: importing('gone', './gone'), refusedBy: 'depcruise no-unresolvable' },
  {
    what: 'an app in a library',
    file: 'libs/testkit/src/x-app.ts',
    text: importing('x', '../../../apps/ledger/src/x-amqplib'),
    refusedBy: 'depcruise apps-are-not-libraries',
  },
  {
    what: 'another door of the same app',
    file: 'apps/gateway/src/http/x-door.ts',
    text: importing('q', '../amqp/x-queue'),
    beside: { 'apps/gateway/src/amqp/x-queue.ts': '/** A queue. */\nexport const q = 1;\n' },
    refusedBy: 'depcruise doors-do-not-know-each-other',
  },
  {
    what: 'a sibling driver',
    file: 'libs/drivers/src/x-other/driver.ts',
    text: importing('frame', '../inpas-sa/frames'),
    refusedBy: 'depcruise drivers-do-not-know-each-other',
  },
  {
    what: 'a spec as a module',
    file: 'libs/core/src/x-of-spec.ts',
    text: importing('y', './x-given.unit.spec'),
    beside: { 'libs/core/src/x-given.unit.spec.ts': "it('runs', () => undefined);\n" },
    refusedBy: 'depcruise not-to-spec',
  },
];
