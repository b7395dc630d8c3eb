import { cpus, freemem, platform, release, totalmem, uptime } from 'node:os';
import type { ServerFacts } from '@kkm/flow/kkmserver';
import { localTime } from './local-time';

/** This process and the machine it runs on, as `GetServerData` tells of them. */
export function serverFacts(): ServerFacts {
  const nowMs = Date.now();
  const processors = cpus();
  return {
    nowMs,
    startedAtMs: nowMs - Math.round(performance.now()),
    machineStartedAtMs: nowMs - Math.round(uptime() * 1_000),
    platform: platform(),
    release: release(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    processor: processors[0]?.model ?? '',
    cores: processors.length,
    local: localTime,
  };
}
