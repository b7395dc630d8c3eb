import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from './clock';
import { percentiles } from './percentiles';
import type { Percentiles } from './percentiles';

/** Appends 1 KiB and syncs it, again and again: what "durable" costs on this disk, and the denominator of every number here. */
export function measureFsync(directory: string, times = 500): Percentiles {
  const file = join(directory, `fsync-${process.pid}`);
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(1024, 1);
  const timesMs: number[] = [];
  try {
    for (let done = 0; done < times; done += 1) {
      const at = monotonicMs();
      writeSync(descriptor, block);
      fdatasyncSync(descriptor);
      timesMs.push(monotonicMs() - at);
    }
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
  return percentiles(timesMs);
}
