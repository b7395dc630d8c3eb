import fc from 'fast-check';
import { commandCases } from '../data/command-cases';

type Members = Readonly<Record<string, unknown>>;

/** A body that somebody might send. */
export interface SentBody {
  readonly kind: 'changed command' | 'random JSON' | 'broken bytes';
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** A charge that a body may name; there is none such. */
const nobodysCharge = { universalId: 'RRN:123456789012;AC:123456', rrn: '123456789012', authorisationCode: '123456', roubles: 1 };

const paths = ['/Execute', '/Execute/', '/Execute/sync', '/Execute/sync/', '/Execute/async', '/Execute/async/'];

/** Values that readers of JSON have stumbled over. */
const oddValues: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 0.1, 1e-7, 1e21, 1e308, 2 ** 31, 2 ** 53, '', ' ', '0', '1', '-1', '1e5', '0x10', 'NaN', 'Infinity', 'null'],
  ...['1,50', '1.005', '٣', 'true', 'FALSE', "' OR 1=1 --", '${jndi:ldap://x}', '../../etc/passwd', '\u0000', '\ud800', '\u202e', 'я'.repeat(3_000)],
  ...[[], {}, [[]], [null], { a: { b: { c: [] } } }, { $gt: '' }, { toString: 'x' }, Array.from({ length: 200 }, (_, index) => index)],
];

/** Those that charge are drawn more often. */
const charging = commandCases.filter(({ name }) => name === 'PayByPaymentCard' || name === 'RegisterCheck');

/** Every command, and the two that are none: the question for a result, and what only the door itself asks elsewhere. */
const templates = [...commandCases, ...charging, ...charging, ...['GetRezult', 'GetCommand'].map((name) => ({ name, good: (): Members => ({}) }))];

/** Sums that mean no amount, or one that nobody could charge. */
const oddSums: readonly unknown[] = [-5, 1.005, 12.345, 0.001, 1e6, 5e5 + 0.004, '12.345', '1,50', '-0.01', '1e2', '0x10', ' ', 'сто', [7], { Amount: 7 }];

const oddNames = ['__proto__', 'constructor', 'toString', 'command', 'COMMAND', 'Fault', '', ' Command', 'Command\u0000', 'Rezult', 'ListCommand'];

/** Draws bodies: two in five are commands with something changed, the others are random JSON and broken bytes. The same seed draws the same. */
export function drawBodies(options: { readonly seed: number; readonly count: number; readonly units: readonly number[] }): readonly SentBody[] {
  const command = changedCommand(options.units);
  const body = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('changed command' as const), command.map(jsonBytes)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('random JSON' as const), randomJson) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('broken bytes' as const), brokenBytes(command)) },
  );
  const sent = fc.tuple(body, fc.constantFrom(...paths)).map(([[kind, bytes], path]): SentBody => ({ kind, bytes, path }));
  return fc.sample(sent, { seed: options.seed, numRuns: options.count });
}

/** A valid command, or one with some members changed. Amounts are drawn from so many that hardly two bodies want the same. */
function changedCommand(units: readonly number[]): fc.Arbitrary<Members> {
  const valid = fc.record({
    index: fc.nat(templates.length - 1),
    unit: fc.constantFrom(...units),
    amount: fc.integer({ min: 1, max: 5_000_000 }).map((kopecks) => kopecks / 100),
    id: fc.option(fc.uuid(), { freq: 4, nil: null }),
    timeout: fc.constantFrom(1, 2, 30),
  });
  return valid.chain(({ index, unit, amount, id, timeout }) => {
    const { name, good } = templates[index] ?? { name: 'List', good: () => ({}) };
    const members = withAmount({ Command: name, NumDevice: unit, IdCommand: id, Timeout: timeout, ...good(nobodysCharge) }, amount);
    return fc.oneof({ weight: 1, arbitrary: fc.constant(members) }, { weight: 3, arbitrary: changed(members) });
  });
}

function withAmount(members: Members, amount: number): Members {
  const sums = ['Amount', 'ElectronicPayment'].filter((name) => name in members);
  return { ...members, ...Object.fromEntries(sums.map((name) => [name, amount])) };
}

/** One to three changes: a value replaced, a member left out, renamed, or added. */
function changed(members: Members): fc.Arbitrary<Members> {
  const names = Object.keys(members);
  const value = fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue({ maxDepth: 2 }));
  const replaced = fc.tuple(fc.constantFrom(...names), value).map(([name, odd]) => (old: Members): Members => ({ ...old, [name]: odd }));
  const removed = fc.constantFrom(...names).map(
    (name) =>
      (old: Members): Members =>
        without(old, name),
  );
  const recased = fc.constantFrom(...names).map((name) => (old: Members): Members => ({ ...without(old, name), [name.toUpperCase()]: old[name] }));
  const added = fc.tuple(fc.constantFrom(...oddNames), value).map(
    ([name, odd]) =>
      (old: Members): Members =>
        Object.fromEntries([...Object.entries(old), [name, odd]]),
  );
  const sums = names.filter((name) => name === 'Amount' || name === 'ElectronicPayment');
  const mispriced = fc.constantFrom(...oddSums).map((odd) => (old: Members): Members => ({ ...old, ...Object.fromEntries(sums.map((name) => [name, odd])) }));
  const change = fc.oneof({ weight: 6, arbitrary: replaced }, { weight: 2, arbitrary: mispriced }, removed, recased, added);
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce((old, apply) => apply(old), members));
}

function without(members: Members, name: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
}

const randomJson = fc
  .oneof(
    { weight: 3, arbitrary: fc.json({ maxDepth: 4 }) },
    {
      weight: 2,
      arbitrary: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('Command', 'NumDevice', 'Amount')), fc.jsonValue({ maxDepth: 2 })).map(toText),
    },
  )
  .map((text) => new TextEncoder().encode(text));

/** Bytes that are cut, changed or doubled somewhere, or were never text at all. */
function brokenBytes(command: fc.Arbitrary<Members>): fc.Arbitrary<Uint8Array> {
  const bytes = command.map(jsonBytes);
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const cut = fc.tuple(bytes, place).map(([all, at]) => all.slice(0, Math.floor(all.length * at)));
  const hurt = fc.tuple(bytes, place, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([all, at, odd]) => spliced(all, at, odd));
  const twice = bytes.map((all) => Uint8Array.from([...all, ...all]));
  const marked = bytes.map((all) => Uint8Array.from([0xef, 0xbb, 0xbf, ...all])); // The byte order mark of Windows programs.
  return fc.oneof(cut, hurt, twice, marked, fc.uint8Array({ maxLength: 200 }));
}

function spliced(all: Uint8Array, at: number, odd: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(all);
  copy.set(odd.slice(0, Math.max(0, copy.length - Math.floor(copy.length * at))), Math.floor(copy.length * at));
  return copy;
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(toText(value));
}

function toText(value: unknown): string {
  return JSON.stringify(value);
}
