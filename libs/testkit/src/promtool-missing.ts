import { spawnSync } from 'node:child_process';

/** Why rules and alerts cannot be tested here; null when Prometheus' own tool is on this machine. */
export function promtoolMissing(): string | null {
  const found = spawnSync('promtool', ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return found ? null : 'promtool is not on this machine: apt-get install -y prometheus';
}
