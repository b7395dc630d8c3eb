import type { Settings } from '../cli.config';
import { exitCodes } from '../command-failed';
import {
  examineChromium,
  examineClock,
  examineDocker,
  examineGuard,
  examineNode,
  examinePackages,
  examinePostgres,
  examineProcessTable,
  examineRabbitmq,
  examineRoom,
  examineSocat,
  examineSpin,
} from '../doctor/examine-machine';
import { examineRunning } from '../doctor/examine-running';
import { examineCertificates, examinePorts, examineSecrets, examineStateFolder, examineSystem, existing } from '../doctor/examine-state';
import type { Finding } from '../doctor/finding';
import { findingLines } from '../doctor/finding';
import { readIfThere } from '../state/files';
import { statePaths } from '../state/state-paths';
import type { Endpoints } from '../system/endpoints';

/**
 * Says what is missing on this machine and what is wrong with the system that runs, and how to mend it. Exit code 1 when something would stop `./kkm up`, or stops
 * payments. Changes nothing.
 */
export async function doctor(settings: Settings): Promise<number> {
  const nowMs = performance.timeOrigin + performance.now();
  const findings: readonly Finding[] = [
    examineNode(),
    examinePackages(settings),
    examinePostgres(settings),
    await examineRabbitmq(settings),
    await examineDocker(),
    examineSpin(),
    examineSocat(),
    examineChromium(),
    ...examineRoom(existing(settings.stateDir)),
    examineStateFolder(settings),
    ...(await examinePorts(settings)),
    examineClock(settings.root, nowMs),
    ...examineSecrets(settings),
    ...examineCertificates(settings.root, nowMs),
    examineProcessTable(),
    examineGuard(),
    ...examineSystem(settings),
    ...(await runningFindings(settings)),
  ];
  const problems = findings.filter(({ kind }) => kind === 'problem').length;
  const verdict = problems === 0 ? 'Nothing stops ./kkm up.' : `${problems} ${problems === 1 ? 'problem stops' : 'problems stop'} ./kkm up, or payments.`;
  process.stdout.write(`${findingLines(findings)}\n\n${verdict}\n`);
  return problems === 0 ? exitCodes.ok : exitCodes.failed;
}

/** A system that is up has told where it is. */
async function runningFindings({ stateDir }: Settings): Promise<readonly Finding[]> {
  const paths = statePaths(stateDir);
  const endpoints = readIfThere(paths.endpoints);
  return endpoints === null ? [] : examineRunning(JSON.parse(endpoints) as Endpoints, paths);
}
