// Exit code 0 when node_modules holds exactly the packages of package-lock.json. npm writes what it installed into
// node_modules/.package-lock.json; packages for other platforms are marked optional in the lock and may be absent.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = process.argv[2];

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

const wanted = packagesIn('package-lock.json');
const installed = packagesIn('node_modules/.package-lock.json');

function matches() {
  if (!wanted || !installed) return false;
  const missing = Object.entries(wanted).some(([path, entry]) => path !== '' && !entry.optional && !entry.link && !installed[path]);
  const foreign = Object.entries(installed).some(([path, entry]) => wanted[path]?.version !== entry.version || wanted[path]?.integrity !== entry.integrity);
  return !missing && !foreign;
}

process.exit(matches() ? 0 : 1);
