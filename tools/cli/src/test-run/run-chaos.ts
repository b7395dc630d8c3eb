import type { Settings } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import type { ProgramEnd } from '../processes/run-program';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { runCampaign } from '../verbs/chaos';
import type { Tally } from './tally';
import { notRun } from './tally';

/** How long guests come in the campaign that is part of all tests. */
const minutes = 1;
const kind = 'chaos';
/** So much of the end of a failed campaign's output is shown: the whole verdict. */
const outputMax = 6_000;

/** Runs a short campaign from a seed of its own and counts it as one test. It kills its servers, so it needs private ones that are started again. */
export async function runChaosTest(settings: Settings, life: Lifetime, progress: Progress): Promise<Tally> {
  progress.begin(kind, 'chaos: servers that may be killed are started');
  const onOutput = (text: string): void => {
    const standing = text.trim().split('\n').at(-1);
    if (standing) progress.update(kind, standing);
  };
  try {
    const tally = chaosTally(await runCampaign(settings, life, { minutes, seed: null, progress, onOutput }));
    progress.end(kind, `chaos: ${tally.passed} passed, ${tally.failed} failed`, true);
    return tally;
  } catch (error) {
    if (error instanceof CommandFailed && error.exitCode === exitCodes.missing) return notRun(kind, error.message.replace(/\s+/g, ' '));
    throw error;
  }
}

/** A campaign as one test. One that was ended by a signal has shown nothing, so it failed. The end of its output names the seed and what was missed. */
export function chaosTally({ code, output, tookMs }: ProgramEnd): Tally {
  const passed = code === exitCodes.ok;
  const failures = passed ? [] : [`The campaign failed (exit code ${code}):\n${output.slice(-outputMax)}`];
  return { kind, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, reasons: [], failures, tookMs };
}
