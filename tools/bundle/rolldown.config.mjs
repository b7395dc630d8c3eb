/**
 * Makes one file of each service and of all it uses, beside its compiled `main.js`: a start reads one file instead of two thousand (ADR 0022).
 * Run in the folder that the compiler wrote to: `rolldown -c ../tools/bundle/rolldown.config.mjs`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const services = ['gateway', 'ledger', 'terminal-worker', 'virtual-terminal'];

/** What stays a package of its own, found in node_modules when it is asked for. */
const external = [
  // Compiled for the machine.
  '@node-rs/argon2',
  '@serialport/bindings-cpp',
  'classic-level',
  // Tracing changes its functions when it is required.
  'pg',
  // Only where traces are exported.
  /^@opentelemetry\/(exporter-trace-otlp-http|instrumentation-http|instrumentation-pg|sdk-node)$/,
  // Named by Nest and Graphile Worker for what KKM does not use; nobody asks for them.
  /^@grpc\//,
  'typescript',
];

/** Its other build hides from a bundler what it requires. */
const hpke = createRequire(import.meta.url)
  .resolve('@hpke/core')
  .replace('/script/', '/esm/');

/** Leads a stack trace to our own sources, of which the compiler left a map, and keeps the map small. */
const sourceMaps = {
  name: 'source-maps',
  load: {
    filter: { id: /\/(apps|libs)\/.*\.js$/ },
    async handler(id) {
      return existsSync(`${id}.map`) ? { code: await readFile(id, 'utf8'), map: await readFile(`${id}.map`, 'utf8') } : null;
    },
  },
  transform: {
    filter: { id: /\/node_modules\// },
    handler: (code) => ({ code, map: { mappings: '' } }),
  },
};

/** Keeps what V8 makes of the bundle, which every start would have to make again. */
const compiled = (service) => ({
  name: 'compiled',
  writeBundle: () => promisify(execFile)(process.execPath, ['tools/launch/main.js', service, 'compile']),
});

export default services.map((service) => ({
  input: `apps/${service}/src/main.js`,
  external,
  platform: 'node',
  // Packages as Node would take them.
  resolve: { alias: { '@hpke/core': hpke }, conditionNames: ['node', 'require', 'default'], mainFields: ['main'] },
  plugins: [sourceMaps, compiled(service)],
  // Packages ask for others that may be there or not.
  checks: { unresolvedImport: false },
  optimization: { pifeForModuleWrappers: false },
  output: {
    file: `apps/${service}/src/bundle.js`,
    format: 'cjs',
    codeSplitting: false,
    // One byte per character is quicker to read.
    charset: 'ascii',
    comments: { legal: true, annotation: false, jsdoc: false },
    sourcemap: true,
    sourcemapExcludeSources: true,
  },
}));
