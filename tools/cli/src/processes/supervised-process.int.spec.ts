import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@kkm/testkit';
import { inheritedEnvironment } from '../cli.config';
import type { ProcessMark } from '../state/state-file';
import type { ProcessPlan } from './process-plan';
import { descendantsOf, isAlive, markOf } from './process-table';
import { SupervisedProcess } from './supervised-process';

const folder = mkdtempSync(join(tmpdir(), 'kkm-supervised-'));
const started: SupervisedProcess[] = [];

function planOf(script: string, change: Partial<ProcessPlan> = {}): ProcessPlan {
  return {
    name: 'part',
    command: ['/bin/sh', '-c', script],
    env: inheritedEnvironment(),
    cwd: '/',
    logFile: join(folder, `${started.length}.log`),
    url: null,
    shown: true,
    end: { signal: 'SIGTERM', graceMs: 2_000 },
    ready: () => Promise.resolve(true),
    readyWithinMs: 5_000,
    ...change,
  };
}

function supervise(plan: ProcessPlan, notes: string[] = []): SupervisedProcess {
  const process = new SupervisedProcess(plan, { changed: () => undefined, note: (text) => notes.push(text) });
  started.push(process);
  return process;
}

function markNow(process: SupervisedProcess): ProcessMark {
  const { mark } = process.status();
  if (!mark) throw new Error('It does not run.');
  return mark;
}

describe('a supervised process', () => {
  afterEach(() => Promise.all(started.splice(0).map((each) => each.stop(() => true))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is started again when it is killed, and counts it', async () => {
    const notes: string[] = [];
    const part = supervise(planOf('exec sleep 1000'), notes);
    await part.start();
    const first = markNow(part);
    process.kill(first.pid, 'SIGKILL');
    await eventually(() => expect(part.status()).toMatchObject({ state: 'running', restarts: 1 }));
    expect(markNow(part).pid).not.toBe(first.pid);
    expect(notes).toEqual(['part ended (SIGKILL); it is started again in 0.2 s', 'part is ready again']);
  });

  it('is the process itself, so that its pid can be signalled', async () => {
    const part = supervise(planOf('exec sleep 1000'));
    await part.start();
    // What ties the process to its supervisor makes way for it under the same pid.
    await eventually(() => expect(readFileSync(`/proc/${markNow(part).pid}/cmdline`, 'utf8')).toBe('sleep\0' + '1000\0'));
  });

  it('is ended with everything below it', async () => {
    const part = supervise(planOf('sleep 1000 & sleep 1001 & wait'));
    await part.start();
    const { pid } = markNow(part);
    const below = await eventually(() => {
      const marks = descendantsOf(pid);
      expect(marks).toHaveLength(2);
      return marks;
    });
    await part.stop();
    expect([...below, { pid, startTime: '' }].filter((mark) => isAlive(mark) || markOf(mark.pid) !== null)).toEqual([]);
    expect(part.status()).toMatchObject({ state: 'stopped', mark: null });
  });

  it('is killed when it does not end in time', async () => {
    const notes: string[] = [];
    const part = supervise(
      planOf('trap "" TERM; touch "$0.ready"; while :; do sleep 0.05; done'.replace('$0.ready', join(folder, 'deaf')), {
        end: { signal: 'SIGTERM', graceMs: 300 },
      }),
      notes,
    );
    await part.start();
    await eventually(() => expect(existsSync(join(folder, 'deaf'))).toBe(true));
    const mark = markNow(part);
    await part.stop();
    expect(isAlive(mark)).toBe(false);
    expect(notes).toEqual(['part did not end within 0.3 s and was killed']);
  });

  it('fails its start with the end of its log when it never gets ready, and is ended', async () => {
    const part = supervise(planOf('echo "no licence" >&2; exec sleep 1000', { ready: () => Promise.reject(new Error('refused')), readyWithinMs: 300 }));
    await expect(part.start()).rejects.toThrow(/was not ready within 0.3 s.*no licence/s);
    expect(part.status()).toMatchObject({ state: 'stopped', mark: null });
  });

  it('fails its start when it dies again and again', async () => {
    const part = supervise(planOf('echo "bad setting"; exit 7', { ready: () => Promise.resolve(false) }));
    await expect(part.start()).rejects.toThrow(/ended 3 times before it was ready \(exit code 7\).*bad setting/s);
  });

  it('fails its start when there is no such program', async () => {
    const part = supervise(planOf('', { command: ['/nowhere/program'], ready: () => Promise.resolve(false) }));
    await expect(part.start()).rejects.toThrow('before it was ready');
  });

  it('shows that it runs but is not ready', async () => {
    let answers = true;
    const part = supervise(planOf('exec sleep 1000', { ready: () => Promise.resolve(answers) }));
    await part.start();
    answers = false;
    await eventually(() => expect(part.status()).toMatchObject({ state: 'unready', restarts: 0 }));
    answers = true;
    await eventually(() => expect(part.status().state).toBe('running'));
  });
});
