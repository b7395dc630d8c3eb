import type { Reach } from './armed-points';
import type { CrashPoint } from './crash-points';

/** The points around one call of a port. `later`: a moment after the caller has the answer, for what the caller does with it at once. */
export interface Steps<Answer> {
  readonly before?: CrashPoint;
  readonly sent?: CrashPoint;
  readonly after?: CrashPoint | ((answer: Answer) => CrashPoint | null);
  readonly later?: CrashPoint;
}

/** Which points the methods of a port have; may depend on what a method is called with. */
export type StepsOf<Port> = {
  readonly [Name in keyof Port]?: Port[Name] extends (...args: infer Args) => Promise<infer Answer> ? (...args: Args) => Steps<Answer> : never;
};

type AnyMethod = (...args: unknown[]) => Promise<unknown>;

/** Until bytes that were handed to a socket are the machine's: what a killed process has sent by then arrives. */
const underWayMs = 10;

/** Until the consumer has acknowledged what its handler returned. */
const laterMs = 40;

/**
 * Puts crash points around the methods of a port, where services are put together: use cases know nothing of them. Without `reach`, as in production,
 * the port itself is returned.
 */
export function withCrashPoints<Port extends object>(port: Port, reach: Reach | null, steps: StepsOf<Port>): Port {
  if (!reach) return port;
  const named = steps as Readonly<Record<PropertyKey, ((...args: unknown[]) => Steps<unknown>) | undefined>>;
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = (member as AnyMethod).bind(target);
      const stepsOf = named[name];
      return stepsOf ? (...args: unknown[]) => walk(() => method(...args), stepsOf(...args), reach) : method;
    },
  });
}

async function walk(call: () => Promise<unknown>, steps: Steps<unknown>, reach: Reach): Promise<unknown> {
  if (steps.before) await reach(steps.before);
  const answering = call();
  answering.catch(() => undefined); // Heard where it is awaited, unless the process is held before.
  if (steps.sent) await reach(steps.sent, underWayMs);
  const answer = await answering;
  const after = typeof steps.after === 'function' ? steps.after(answer) : steps.after;
  if (after) await reach(after);
  if (steps.later) void reach(steps.later, laterMs);
  return answer;
}
