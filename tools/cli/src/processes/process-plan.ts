/** A user and group that a process runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** One long-running process as the supervisor starts it, watches it and ends it. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The whole environment, not an addition. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Left out: runs as the caller. */
  readonly runAs?: RunAs;
  /** Takes the standard output and error. */
  readonly logFile: string;
  /** Shown to people; no secrets. */
  readonly url: string | null;
  /** Whether `status` lists it. */
  readonly shown: boolean;
  /** The signal that makes it end in order, and how long that may take. */
  readonly end: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  /** Asks the process itself, by its own protocol. Errors count as "not yet". */
  readonly ready: () => Promise<boolean>;
  /** How long the first start may take. */
  readonly readyWithinMs: number;
  /** Clears away what a crash left, before each start. */
  readonly beforeStart?: () => Promise<void>;
  /** Runs after each end, for example to remove a container whose client was killed. */
  readonly afterEnd?: () => Promise<void>;
}
