/**
 * Import rules that act inside one project, where Nx tags cannot see, and the homes of packages that only one place may touch.
 * The layers are in tools/lint/layers.mjs. Every rule here has an injected violation in tests/architecture.
 */
const spec = '\\.(unit|int|e2e|browser|sim|model|crash|compose|arch)\\.spec\\.ts$';
const nestFiles = '(main|\\.(module|controller|consumer|filter|guard))\\.ts$';

/** The one exception, named in the design: Nest's transport strategy over our own broker, and its decorators' types. */
const nestStrategy = '^libs/messaging/src/amqp-strategy\\.ts$';

/** Code that runs only under test. The virtual terminal is the other end of the wire, so it may use the terminals' side of a protocol. */
const underTest = [
  '^tests/',
  '^libs/testkit/',
  '^apps/[^/]+/src/testing/',
  '^libs/[^/]+/src/testing/',
  '^libs/[^/]+/src/.*/testing/',
  '^libs/drivers/src/kit/conformance',
  '^libs/drivers/src/conformance\\.ts$',
  spec,
];

/** What a library gives to others. */
const barrels = ['^libs/[^/]+/src/index\\.ts$', '^libs/[^/]+/src/[^/]+/index\\.ts$'];

/** Files that something other than an import starts. */
const entries = [
  'main\\.tsx?$',
  '^tests/set-timeout\\.ts$',
  spec,
  '\\.d\\.ts$',
  '\\.config\\.(ts|mjs)$',
  '^apps/admin/public/',
  '^libs/testkit/src/jest-global-',
  '^tools/.*/main\\.ts$',
  ...barrels,
];

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle means that one of the two is in the wrong place.', {}, { circular: true }),
    rule('no-orphans', 'Dead code is deleted.', { orphan: true, pathNot: entries }, {}),
    rule(
      'no-own-barrel',
      'Inside a library import the file, not the index.',
      { path: '^libs/([^/]+)/src/.+' },
      { path: ['^libs/$1/src/index\\.ts$', '^libs/$1/src/[^/]+/index\\.ts$'] },
    ),
    rule(
      'only-through-the-door',
      'Another library is known by what its index gives.',
      { path: '^(apps|tools|tests)/' },
      { path: '^libs/', pathNot: [...barrels, '^libs/drivers/src/(terminals|conformance)\\.ts$'] },
    ),
    rule(
      'nest-only-at-the-edge',
      'Everything else is a plain class.',
      { path: '^(apps|libs)/', pathNot: [nestFiles, nestStrategy, ...underTest] },
      { path: 'node_modules/@nestjs/' },
    ),
    rule(
      'amqp-has-one-home',
      'Acks, nacks and confirms are decided in libs/messaging only.',
      { path: '^(apps|libs)/', pathNot: ['^libs/messaging/'] },
      { path: 'node_modules/(@types/)?amqplib/' },
    ),
    rule(
      'sql-has-one-home',
      'Use cases see ports, not tables.',
      { path: '^(apps|libs)/', pathNot: ['^libs/postgres/', '^apps/[^/]+/src/postgres/', ...underTest] },
      { path: 'node_modules/(typeorm|pg|@types/pg|graphile-worker)/' },
    ),
    rule(
      'sockets-have-one-home',
      'Drivers speak to a Transport.',
      { path: '^(apps|libs)/', pathNot: ['^libs/transports/', '^apps/virtual-terminal/', '^libs/testkit/', spec] },
      { path: '^(node:)?(net|tls|dgram)$' },
    ),
    rule(
      'serial-ports-have-one-home',
      'Who opens a port by himself has not locked it, and reads what another session left there.',
      { path: '^(apps|libs)/', pathNot: ['^libs/transports/'] },
      { path: 'node_modules/@serialport/' },
    ),
    rule(
      'hpke-has-one-home',
      'What seals and what opens must agree to the byte.',
      { path: '^(apps|libs)/', pathNot: ['^libs/sealing/'] },
      { path: 'node_modules/@hpke/' },
    ),
    rule(
      'banks-are-the-ledgers',
      'Whoever else spoke to a bank would need its secret (design-money, clause 19).',
      { path: '^(apps|libs)/', pathNot: ['^libs/sbp-banks/', '^apps/ledger/'] },
      { path: '^libs/sbp-banks/' },
    ),
    rule(
      'drivers-do-not-know-each-other',
      'Share through kit/ or libs/wire.',
      { path: '^libs/drivers/src/([^/]+)/.+' },
      { path: '^libs/drivers/src/([^/]+)/.+', pathNot: ['^libs/drivers/src/$1/', '^libs/drivers/src/kit/'] },
    ),
    rule(
      'terminal-side-is-for-tests',
      'The worker must never be able to talk to itself.',
      {
        pathNot: [...underTest, '^libs/drivers/src/terminals\\.ts$', '^apps/virtual-terminal/', '^tools/bench/', '^libs/drivers/src/[^/]+/terminal[^/]*\\.ts$'],
      },
      { path: '^libs/drivers/src/([^/]+/terminal[^/]*|terminals)\\.ts$' },
    ),
    rule(
      'doors-do-not-know-each-other',
      'http/, amqp/ and postgres/ of one app meet only in its module.',
      { path: '^apps/([^/]+)/src/(http|amqp|postgres)/', pathNot: spec },
      { path: '^apps/$1/src/(http|amqp|postgres)/', pathNot: '^apps/$1/src/$2/' },
    ),
    rule(
      'crash-points-are-wiring',
      'Use cases and adapters know nothing of them: they are put around ports where a service is put together.',
      { path: '^(apps|libs)/', pathNot: ['^libs/crash-points/', '^apps/[^/]+/src/([^/]+-crash-points|main|run-[^/]+|build-[^/]+|running-[^/]+)\\.ts$'] },
      { path: '^libs/crash-points/' },
    ),
    rule('apps-do-not-know-each-other', 'They talk through the broker.', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
    rule(
      'page-takes-types-of-contracts',
      'Schemas check at the door; in the page they would be weight without a use.',
      { path: '^apps/admin/src/', pathNot: spec },
      { path: '^libs/contracts/', dependencyTypesNot: ['type-only'] },
    ),
    rule('page-knows-no-node', 'It runs in a browser.', { path: '^apps/admin/src/', pathNot: spec }, { dependencyTypes: ['core'] }),
    rule('apps-are-not-libraries', 'What two need is a library.', { path: '^(libs|tools)/' }, { path: '^apps/' }),
    rule('testing-only-in-tests', 'Fakes do not ship.', { path: '^(apps|libs)/', pathNot: underTest }, { path: underTest.filter((path) => path !== spec) }),
    rule('not-to-spec', 'A spec exports nothing.', {}, { path: spec }),
    rule('no-undeclared-package', 'What is imported is in package.json.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule('no-unresolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    rule(
      'no-dev-package-in-production',
      'devDependencies are not installed where services run; the page is built before and brings its packages in its own files.',
      { path: '^(apps|libs)/', pathNot: [...underTest, '^apps/admin/'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule('no-deprecated-builtin', 'Node marks it as deprecated.', {}, { dependencyTypes: ['deprecated'] }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.kkm|\\.nx|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'require', 'types', 'default'] },
  },
};
