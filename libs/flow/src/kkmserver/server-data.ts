/** What `GetServerData` tells of the machine; nothing that would help to break into it. */
export interface ServerFacts {
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly machineStartedAtMs: number;
  readonly platform: string;
  readonly release: string;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly processor: string;
  readonly cores: number;
  /** A time as the place's clocks show it, `yyyy-MM-ddTHH:mm:ss`. */
  readonly local: (ms: number) => string;
}

/** The KkmServer version whose answers KKM's are like; clients that tell features by it find what they expect. */
const likeVersion = '2.2.17.22';

/** The object `ServerData`: text and dates, and one number (KkmServer facts, section 9.4). Who runs it and what the machine is called are nobody's business. */
export function serverData(facts: ServerFacts): Readonly<Record<string, string | number>> {
  const { local, nowMs } = facts;
  return {
    ServerName: 'KKM',
    ServerVersion: likeVersion,
    ServerDateStart: local(facts.startedAtMs),
    ServerUpTime: duration(nowMs - facts.startedAtMs),
    LicenseExpirationDate: '2099-12-31T00:00:00',
    LicenseCount: 999,
    OSVersion: facts.release,
    OSPlatform: facts.platform,
    OSVersionString: `${facts.platform} ${facts.release}`,
    OSName: facts.platform,
    OSDateStart: local(facts.machineStartedAtMs),
    OSUpTime: duration(nowMs - facts.machineStartedAtMs),
    OSCurDateTime: local(nowMs),
    PCServerName: 'KKM',
    PCUserName: 'kkm',
    PCPhysicalMemory: megabytes(facts.memoryBytes),
    PCFreePhysicalMemory: megabytes(facts.freeMemoryBytes),
    PCProcessorName: facts.processor,
    PCNumberOfCores: String(facts.cores),
  };
}

/** `d.hh:mm:ss`, without days `hh:mm:ss`. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const days = Math.floor(seconds / 86_400);
  const parts = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return `${days > 0 ? `${days}.` : ''}${parts.join(':')}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
