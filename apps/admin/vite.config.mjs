import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/** What a browser may have to load before it shows the first page, gzip bytes. The build stops above it. */
const firstLoadGzipMax = 300_000;

/** Texts; smaller ones are not worth a second file. */
const compressible = /\.(js|css|html|svg)$/;
const compressedFromBytes = 1_024;

/** Files that the index needs before its first page: its entry, what that imports, and their styles. */
function firstLoad(bundle) {
  const seen = new Set();
  const visit = (name) => {
    const part = bundle[name];
    if (!part || seen.has(name)) return;
    seen.add(name);
    if (part.type !== 'chunk') return;
    part.imports.forEach(visit);
    part.viteMetadata?.importedCss.forEach(visit);
  };
  Object.values(bundle)
    .filter((part) => part.type === 'chunk' && part.isEntry)
    .forEach((part) => visit(part.fileName));
  // One language is loaded before the first paint; the larger one counts.
  const languages = Object.values(bundle).filter((part) => part.type === 'chunk' && /\/i18n\/(en|ru)\/index\.ts$/.test(part.facadeModuleId ?? ''));
  return { always: [...seen], oneOf: languages.map((part) => part.fileName) };
}

/** Writes each text compressed beside it, so that the gateway never compresses, and holds the first load against its limit. */
function compressed() {
  return {
    name: 'kkm-compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      const gzipBytes = {};
      for (const name of [...Object.keys(bundle), 'first-paint.js', 'icon.svg']) {
        if (!compressible.test(name)) continue;
        const bytes = readFileSync(join(dir, name));
        const gzip = gzipSync(bytes, { level: 9 });
        gzipBytes[name] = gzip.length;
        if (bytes.length < compressedFromBytes || name === 'index.html') continue;
        writeFileSync(join(dir, `${name}.gz`), gzip);
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
      const { always, oneOf } = firstLoad(bundle);
      const sum = always.reduce((total, name) => total + (gzipBytes[name] ?? 0), 0) + Math.max(0, ...oneOf.map((name) => gzipBytes[name]));
      this.info(`first load: ${sum} bytes of gzip, at most ${firstLoadGzipMax}`);
      if (sum > firstLoadGzipMax) this.error(`The first load is ${sum} bytes of gzip; the limit is ${firstLoadGzipMax}. Load something later.`);
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  resolve: { alias: { '@kkm/core': join(root, 'libs/core/src/index.ts') } },
  build: {
    outDir: join(root, 'dist/apps/admin'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // Mantine marks its modules for servers that render; here there is none.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
  },
  server: { port: 5_173, proxy: { '/v1': process.env.KKM_ADMIN_PROXY ?? 'http://127.0.0.1:8080' } },
  plugins: [compressed()],
});
