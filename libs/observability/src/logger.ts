import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino from 'pino';
import { maskText, redact } from './redaction';

/** The log of a service: pino, one JSON object per line. Names of members follow the contract (`paymentId`, `attemptId`, `terminalId`). */
export type Logger = pino.Logger;

/** How a service logs. */
export interface LoggerOptions {
  readonly service: string;
  /** A pino level; `silent` turns the log off. */
  readonly level: string;
  /** Where lines go; standard output when left out. Given by tests. */
  readonly destination?: { write(line: string): void };
}

/**
 * Makes the log of a service. Whatever is written passes {@link redact}: secrets by name, card-number-like digits anywhere.
 * Lines written inside a trace carry `traceId` and `spanId`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: asRecord },
    serializers: { err: redact },
    mixin: traceFacts,
    hooks: {
      logMethod(args, method) {
        method.apply(this, maskArguments(args) as typeof args);
      },
    },
  };
  return redactingChildren(options.destination ? pino(settings, options.destination) : pino(settings));
}

/** Nest's own messages, in the service's log. Fits Nest's `LoggerService`. */
export interface FrameworkLog {
  log(message: unknown, ...rest: unknown[]): void;
  warn(message: unknown, ...rest: unknown[]): void;
  error(message: unknown, ...rest: unknown[]): void;
  debug(message: unknown, ...rest: unknown[]): void;
}

/** Leads the framework's messages into `log`; its start-up chatter becomes `debug`. */
export function frameworkLog(log: Logger): FrameworkLog {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.length > 0 ? { context: rest } : {};
      if (message instanceof Error) log[level]({ ...context, err: message }, message.message);
      else log[level](context, typeof message === 'string' ? message : JSON.stringify(message));
    };
  return { log: write('debug'), debug: write('debug'), warn: write('warn'), error: write('error') };
}

/** Pino does not pass the bindings of children through its formatters, so they are redacted on their way in; children inherit this. */
function redactingChildren(log: Logger): Logger {
  const { child, setBindings } = log;
  return Object.assign(log, {
    child(this: Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [asRecord(bindings), options]) as Logger;
    },
    setBindings(this: Logger, bindings: pino.Bindings): void {
      setBindings.call(this, asRecord(bindings));
    },
  });
}

function asRecord(members: Record<string, unknown>): Record<string, unknown> {
  return redact(members) as Record<string, unknown>;
}

/** An error logged alone becomes `err` with a masked message; texts and their arguments are masked before they are joined. */
function maskArguments(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  const masked = rest.map((argument) => redact(argument));
  if (first instanceof Error) return [{ err: first }, ...(masked.length > 0 ? masked : [maskText(first.message)])];
  return [typeof first === 'string' ? maskText(first) : first, ...masked];
}

function traceFacts(): object {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? { traceId: context.traceId, spanId: context.spanId } : {};
}
