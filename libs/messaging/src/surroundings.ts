/** A structured log; pino's loggers fit. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the broker adapter counts and times. All times are milliseconds. */
export interface BrokerMetrics {
  /** A call was answered (`ok`), answered with an error, or ran into its deadline. */
  called(call: { readonly service: string; readonly method: string; readonly ok: boolean }, ms: number): void;
  /** A publish was confirmed after `ms`. */
  confirmed(exchange: string, ms: number): void;
  /** A message waited `ms` from its publishing to its handler, on the clocks of both machines. */
  waited(queue: string, ms: number): void;
  /** A handler took `ms` for one delivery, pauses of retries not counted. */
  handled(queue: string, ms: number): void;
  /** A delivery is held for another try. */
  retried(queue: string): void;
  /** A message was parked. */
  parked(queue: string, reason: string): void;
  /** How many consumers are subscribed now. */
  consumers(count: number): void;
  /** Whether the broker can be reached. */
  connected(up: boolean): void;
}

/** Carries the trace context in message headers. */
export interface Tracing {
  /** Headers of the current trace, for example `traceparent`. */
  headers(): Readonly<Record<string, string>>;
  /** Runs `run` as a child of the trace in `headers`. */
  continued<T>(headers: Readonly<Record<string, unknown>>, name: string, run: () => Promise<T>): Promise<T>;
}

/** Time as the adapter sees it; a simulation brings its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `then` after `ms`; the returned function prevents it. */
  after(ms: number, then: () => void): () => void;
}

/** Everything around the adapter that is not the broker. */
export interface Surroundings {
  readonly clock: Clock;
  /** A number from 0 to below 1, for jitter. */
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: BrokerMetrics;
  readonly tracing: Tracing;
}

/** The machine's clock. */
export const machineClock: Clock = {
  nowMs: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

const nothing = (): void => undefined;

/** Says nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Counts nothing. */
export const noMetrics: BrokerMetrics = {
  called: nothing,
  confirmed: nothing,
  waited: nothing,
  handled: nothing,
  retried: nothing,
  parked: nothing,
  consumers: nothing,
  connected: nothing,
};

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** Carries nothing. */
export const noTracing: Tracing = { headers: () => noHeaders, continued: (_headers, _name, run) => run() };

/** Fills what was left out with the machine's clock and silence. */
export function surroundings(given: Partial<Surroundings>): Surroundings {
  return { clock: machineClock, random: Math.random, log: silentLog, metrics: noMetrics, tracing: noTracing, ...given };
}
