import { execFileSync, spawnSync } from 'node:child_process';

/** How many commits are looked at where no `origin/main` says which are new. */
const lookBackMax = 50;

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The commit after which checking begins, or null for the very first one. */
function lastChecked() {
  try {
    return git('merge-base', 'HEAD', 'origin/main');
  } catch {
    const known = git('rev-list', '--max-count', String(lookBackMax + 1), 'HEAD').split('\n');
    return known.length > lookBackMax ? known.at(-1) : null;
  }
}

function main() {
  try {
    git('rev-parse', 'HEAD');
  } catch {
    console.log('commits: this is not a git checkout; nothing to check');
    return 0;
  }
  const from = lastChecked();
  const range = from ? ['--from', from, '--to', 'HEAD'] : ['--to', 'HEAD'];
  const count = git('rev-list', '--count', '--no-merges', from ? `${from}..HEAD` : 'HEAD');
  console.log(`commits: checking ${count}${from ? ` since ${from.slice(0, 10)}` : ''}`);
  if (count === '0') return 0;
  return spawnSync('commitlint', range, { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
