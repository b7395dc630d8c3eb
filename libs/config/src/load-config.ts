import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** What is wrong with one variable of the environment. Holds no value: it may be a secret. */
export interface ConfigFault {
  readonly variable: string;
  readonly problem: string;
}

/** The environment does not fit the schema. The message lists every fault at once, one line each, and never a value. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  constructor(readonly faults: readonly ConfigFault[]) {
    super(['The configuration is not valid:', ...faults.map((fault) => `  ${fault.variable}: ${fault.problem}`)].join('\n'));
  }
}

/** The environment as Node gives it; passed in, because only `*.config.ts` reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks the environment against `schema`, whose members are named as the variables are, and freezes the result.
 * Every variable `X` may be given as `X_FILE` instead: a path whose trimmed content is the value. An empty variable counts as unset.
 * @param readText reads a file as UTF-8; replaced in tests.
 * @throws InvalidConfig with all faults.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, env: Environment, readText: (path: string) => string = readTextFile): Readonly<z.output<S>> {
  const faults: ConfigFault[] = [];
  const given: Record<string, string> = {};
  for (const variable of Object.keys(schema.shape)) {
    const value = valueOf(variable, env, readText);
    if (typeof value === 'string') given[variable] = value;
    else if (value) faults.push(value);
  }
  const unreadable = new Set(faults.map((fault) => fault.variable));
  const parsed = schema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const variable = String(issue.path[0] ?? 'together');
    if (!unreadable.has(variable)) faults.push({ variable, problem: problemText(issue, given) });
  }
  if (!parsed.success || faults.length > 0) throw new InvalidConfig(faults);
  return deepFreeze(parsed.data);
}

function valueOf(variable: string, env: Environment, readText: (path: string) => string): string | ConfigFault | null {
  const fileVariable = `${variable}_FILE`;
  const value = env[variable];
  const path = env[fileVariable];
  if (value && path) return { variable, problem: `give either it or ${fileVariable}, not both` };
  if (value) return value;
  if (!path) return null;
  try {
    return readText(path).trim() || { variable, problem: `the file that ${fileVariable} names is empty` };
  } catch {
    return { variable, problem: `the file that ${fileVariable} names cannot be read` };
  }
}

/** Zod's text, from which every value is cut should a rule have quoted it. */
function problemText(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const [variable] = issue.path;
  if (variable !== undefined && given[String(variable)] === undefined) return 'is required';
  return Object.values(given).reduce((text, value) => text.split(value).join('…'), issue.message);
}

function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function deepFreeze<T>(value: T): Readonly<T> {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
