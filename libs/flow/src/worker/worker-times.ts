/** The waits and limits of a worker, all in milliseconds unless named otherwise. */
export interface WorkerTimes {
  /** A link proved this long ago counts as live; an older one is tested before a permit is asked for. Short, because a pulled cable shows only in a test. */
  readonly linkFreshMs: number;
  /** How often a terminal is tried before a payment fails as unreachable. */
  readonly connectTriesMax: number;
  /** Pause after the first failed try to connect; doubles up to {@link backoffMaxMs}. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Before a permit request without an answer is repeated. */
  readonly permitRetryMs: number;
  /** After this long without an answer to a permit request its nonce is given up and a new one drawn; no longer than the grant's own `sendWithinMs`. */
  readonly nonceMs: number;
  /** At most one `still_working` in this time. */
  readonly progressEveryMs: number;
  /** How long a delivery in doubt is held before it is acknowledged and left to later recovery. Brokers limit how long a delivery may stay open. */
  readonly holdInDoubtMs: number;
  /** First and longest pause between two recovery tries. */
  readonly recoverMs: number;
  readonly recoverMaxMs: number;
  /** An operation of an attempt is made within this time of its grant: the time to drive, the card's wait and the bank's. */
  readonly operationWindowMs: number;
  /** Between two reports read from an idle terminal for the ledger. */
  readonly baselineMs: number;
  /** After a report that could not be read or recorded. */
  readonly baselineRetryMs: number;
  /** How far the terminal's clock may drift between a record and a link test. */
  readonly clockToleranceMs: number;
  /** Between two heartbeats. */
  readonly heartbeatMs: number;
  /** Between two looks at the equipment. */
  readonly settingsMs: number;
  /** A stand-by subscribes this long after it learned that another worker owns the terminal, so that the owner is first. */
  readonly standByMs: number;
  /** Between two link tests of an idle terminal. */
  readonly healthMs: number;
  /** Between two looks for idle terminals that need a connection or a test. */
  readonly upkeepMs: number;
}

/** The values a worker runs with unless its configuration says otherwise. */
export const workerTimes: WorkerTimes = {
  linkFreshMs: 5_000,
  connectTriesMax: 3,
  backoffMs: 250,
  backoffMaxMs: 30_000,
  permitRetryMs: 500,
  nonceMs: 9_000,
  progressEveryMs: 2_000,
  holdInDoubtMs: 180_000,
  recoverMs: 500,
  recoverMaxMs: 4_000,
  operationWindowMs: 480_000,
  baselineMs: 600_000,
  baselineRetryMs: 10_000,
  clockToleranceMs: 60_000,
  heartbeatMs: 2_000,
  settingsMs: 2_000,
  standByMs: 3_000,
  healthMs: 60_000,
  upkeepMs: 1_000,
};
