import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Where a program runs, and what it is told besides the path of programs. */
export interface ProgramPlace {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a program to its end and returns what it printed; rejects with its error output when it fails. */
export function runProgram(program: string, words: readonly string[], where: ProgramPlace): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: where.root,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: tmpdir(), ...where.environment },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${words.join(' ')} ended with ${String(code)}:\n${errors.slice(-4000)}`));
    });
  });
}
