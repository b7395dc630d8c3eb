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
import { examinePorts, examineStateFolder, examineSystem, existing } from '../doctor/examine-state';
import type { Finding } from '../doctor/finding';
import { findingLines } from '../doctor/finding';

/** Says what is missing on this machine and how to get it. Exit code 1 when something would stop `./kkm up`. Changes nothing. */
export async function doctor(settings: Settings): Promise<number> {
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
    examineClock(settings.root, performance.timeOrigin + performance.now()),
    examineProcessTable(),
    examineGuard(),
    ...examineSystem(settings),
  ];
  const problems = findings.filter(({ kind }) => kind === 'problem').length;
  const verdict = problems === 0 ? 'Nothing stops ./kkm up.' : `${problems} ${problems === 1 ? 'problem stops' : 'problems stop'} ./kkm up.`;
  process.stdout.write(`${findingLines(findings)}\n\n${verdict}\n`);
  return problems === 0 ? exitCodes.ok : exitCodes.failed;
}
