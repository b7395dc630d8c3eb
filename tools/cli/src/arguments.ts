import { parseArgs } from 'node:util';
import { CommandFailed, exitCodes } from './command-failed';
import type { InfraChoice } from './infra/infra-choices';
import { infraChoices } from './infra/infra-choices';

/** A command line that was understood. */
export type Command =
  | { readonly verb: 'help' }
  | { readonly verb: 'demo' | 'supervise'; readonly infra: InfraChoice }
  | { readonly verb: 'up'; readonly infra: InfraChoice; readonly detach: boolean }
  | { readonly verb: 'down' | 'check' | 'doctor' }
  | { readonly verb: 'status'; readonly json: boolean }
  | { readonly verb: 'test'; readonly infra: InfraChoice; readonly kinds: readonly string[]; readonly jest: readonly string[] }
  | { readonly verb: 'backup'; readonly folder: string | null }
  | { readonly verb: 'restore'; readonly infra: InfraChoice; readonly folder: string }
  | { readonly verb: 'bench'; readonly rest: readonly string[] }
  | { readonly verb: 'chaos'; readonly minutes: number; readonly seed: number | null }
  | { readonly verb: 'later'; readonly name: 'verify' };

const options = {
  infra: { type: 'string' },
  detach: { type: 'boolean', short: 'd' },
  json: { type: 'boolean' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flag = 'infra' | 'detach' | 'json' | 'minutes' | 'seed';

/** Which flags a verb knows; any other is refused rather than ignored. */
const known: Readonly<Record<string, readonly Flag[]>> = {
  help: [],
  demo: ['infra'],
  supervise: ['infra'],
  up: ['infra', 'detach'],
  down: [],
  status: ['json'],
  test: ['infra'],
  backup: [],
  restore: ['infra'],
  chaos: ['minutes', 'seed'],
  check: [],
  doctor: [],
};

/** How many words a verb takes besides its flags; the others take none. */
const wordsMax: Readonly<Record<string, number>> = { test: Infinity, backup: 1, restore: 1 };

/** Understands the words after `./kkm`. Throws {@link CommandFailed} with exit code 2 where it cannot. */
export function parseCommand(all: readonly string[]): Command {
  const [verb = 'help', ...rest] = all;
  if (verb === '-h' || verb === '--help') return { verb: 'help' };
  if (verb === 'verify') return { verb: 'later', name: verb };
  if (verb === 'bench') return { verb, rest };
  const flags = Object.hasOwn(known, verb) ? known[verb] : undefined;
  if (!flags) throw usage(`There is no command "${verb}".`);
  const { values, positionals, jest } = parsed(verb, rest);
  if (values.help) return { verb: 'help' };
  for (const name of Object.keys(values)) if (!flags.includes(name as Flag)) throw usage(`./kkm ${verb} has no option --${name}.`);
  const words = wordsMax[verb] ?? 0;
  if (positionals.length > words) throw usage(`./kkm ${verb} takes no "${positionals[words]}".`);
  if (verb === 'backup') return { verb, folder: positionals[0] ?? null };
  if (verb === 'restore') return { verb, infra: infraOf(values.infra), folder: folderOf(positionals[0]) };
  if (verb === 'chaos') return { verb, minutes: minutesOf(values.minutes), seed: seedOf(values.seed) };
  return commandOf(verb, { infra: infraOf(values.infra), detach: values.detach === true, json: values.json === true, kinds: positionals, jest });
}

interface Parts {
  readonly infra: InfraChoice;
  readonly detach: boolean;
  readonly json: boolean;
  readonly kinds: readonly string[];
  readonly jest: readonly string[];
}

function commandOf(verb: string, { infra, detach, json, kinds, jest }: Parts): Command {
  switch (verb) {
    case 'demo':
    case 'supervise':
      return { verb, infra };
    case 'up':
      return { verb, infra, detach };
    case 'status':
      return { verb, json };
    case 'test':
      return { verb, infra, kinds, jest };
    case 'down':
    case 'check':
    case 'doctor':
      return { verb };
    default:
      return { verb: 'help' };
  }
}

/** What follows `--` is for Jest, word for word. */
function parsed(verb: string, words: readonly string[]) {
  const divider = words.indexOf('--');
  const own = divider < 0 ? words : words.slice(0, divider);
  if (divider >= 0 && verb !== 'test') throw usage(`./kkm ${verb} takes no "--".`);
  try {
    return { ...parseArgs({ args: [...own], options, allowPositionals: true, strict: true }), jest: divider < 0 ? [] : words.slice(divider + 1) };
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}

function infraOf(value: string | undefined): InfraChoice {
  const choice = infraChoices.find((each) => each === (value ?? 'auto'));
  if (!choice) throw usage(`--infra is one of ${infraChoices.join(', ')}, not "${value}".`);
  return choice;
}

function folderOf(value: string | undefined): string {
  if (!value) throw usage('./kkm restore needs the folder of a backup.');
  return value;
}

/** Of load, in a campaign: long enough to reach every kind of fault several times. */
const usualMinutes = 3;

function minutesOf(value: string | undefined): number {
  const minutes = value === undefined ? usualMinutes : Number(value);
  if (!(minutes > 0 && minutes <= 600)) throw usage(`--minutes is a number above 0, at most 600, not "${value}".`);
  return minutes;
}

function seedOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d{1,9}$/.test(value)) throw usage(`--seed is a whole number of at most nine digits, not "${value}".`);
  return Number(value);
}

function usage(what: string): CommandFailed {
  return new CommandFailed(`${what} ./kkm help lists what there is.`, exitCodes.usage);
}
