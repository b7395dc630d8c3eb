import { spawnSync } from 'node:child_process';

/** What a person runs to have it. */
const command = 'apt-get install -y spin gcc libc6-dev';

/** Why models cannot be checked here; null when spin and the C compiler that its verifiers need are on this machine. */
export function spinMissing(): string | null {
  const succeeds = (program: string, words: readonly string[]): boolean => spawnSync(program, words, { stdio: 'ignore', timeout: 10_000 }).status === 0;
  if (!succeeds('spin', ['-V'])) return `it is not on this machine: ${command}`;
  return succeeds('gcc', ['-fsyntax-only', '-include', 'stdio.h', '-x', 'c', '/dev/null']) ? null : `it needs a C compiler: ${command}`;
}
