import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/**
 * Starts a service from its bundle: `node dist/tools/launch/main.js gateway` (ADR 0022). What V8 made of the bundle when that was built lies beside it and is taken
 * over; another version of Node refuses it and compiles anew. The build makes it: with `compile` as a further argument all code is read, nothing started.
 */
const [service = '', task] = process.argv.slice(2);
const file = join(__dirname, '../../apps', service, 'src/bundle.js');
const compiled = `${file}.compiled`;
/** What V8 made keeps the name it was made under, and a build gets its place only when it is whole. */
const bundle = join(__dirname, '../../../dist/apps', service, 'src/bundle.js');

/** What Node wraps every module in. */
type Wrapped = (...given: [exports: object, require: NodeJS.Require, module: object, file: string, folder: string]) => void;

const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
  filename: bundle,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(task === 'compile' ? {} : { cachedData: readFileSync(compiled) }),
});

// Under --enable-source-maps Node keeps the maps of what its own loader compiles; this names the bundle's to it.
const mapped = new Module(bundle) as Module & { _compile(code: string, file: string): void };
mapped._compile(`//# sourceMappingURL=${basename(bundle)}.map`, bundle);

const run = script.runInThisContext() as Wrapped;
run({}, createRequire(bundle), { exports: {} }, bundle, dirname(bundle));

if (task === 'compile') {
  writeFileSync(compiled, script.createCachedData());
  process.exit(0);
}
