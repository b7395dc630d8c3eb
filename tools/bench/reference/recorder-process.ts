import type { RecorderInstruction, RecorderReport } from './messages';
import { startRecorder } from './recorder';
import type { Recorder } from './recorder';

/** The recorder as a process of its own, told over IPC when to start and stop; it reports the CPU time it used. */
let recorder: Recorder | null = null;
let cpuAtStart = process.cpuUsage();

process.on('message', (instruction: RecorderInstruction) => {
  void obey(instruction);
});

async function obey(instruction: RecorderInstruction): Promise<void> {
  switch (instruction.kind) {
    case 'start':
      recorder = await startRecorder(instruction);
      cpuAtStart = process.cpuUsage();
      return report({ kind: 'ready' });
    case 'stop': {
      const used = process.cpuUsage(cpuAtStart);
      await recorder?.stop();
      report({ kind: 'stopped', cpuMs: (used.user + used.system) / 1000 });
      process.disconnect();
    }
  }
}

function report(what: RecorderReport): void {
  process.send?.(what);
}
