import { check } from '@kkm/core';
import { parsePredicate } from './sql-predicate';
import type { Predicate } from './sql-predicate';

/** A uniqueness rule of the database: no two rows of `table` that `where` holds for have the same values in `columns`. */
export interface UniqueRule {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly where: Predicate;
}

/** A check of the database: a row of `table` for which `holds` is false is refused. */
export interface CheckRule {
  readonly name: string;
  readonly table: string;
  readonly holds: Predicate;
}

/** What the ledger's database refuses, as far as a store in memory can refuse it too. */
export interface SchemaRules {
  readonly unique: readonly UniqueRule[];
  readonly checks: readonly CheckRule[];
  /** Triggers by name. What they do is code of the fake; that they are there is read from the SQL, with their condition where one row decides it. */
  readonly triggers: ReadonlyMap<string, { readonly table: string; readonly when: Predicate | null }>;
}

/** A rule with where in the text it was made. */
type Placed<Rule> = Rule & { readonly name: string; readonly at: number };

/** What is said of one table in one place: its definition, or a later change of it. */
interface TablePart {
  readonly table: string;
  readonly body: string;
  readonly at: number;
}

/** Tables whose rows the fake makes with all that their checks look at. */
const checkedTables: readonly string[] = ['payment', 'attempt', 'charge', 'charge_return'];

const always: Predicate = () => true;

/** Reads the rules from the text of migrations, so that what is dropped there is dropped in the fake. Throws on a condition it does not understand. */
export function readSchemaRules(sql: string): SchemaRules {
  const text = sql.replace(/--[^\n]*/g, '').replace(/\s+/g, ' ');
  const parts = tableParts(text);
  const stands = dropping(text);
  const unique = [...uniqueIndexes(text), ...parts.flatMap(uniqueOf)].filter(stands);
  check(unique.length > 0, 'the migrations have unique rules');
  const found = triggers(text).filter(stands);
  return { unique, checks: parts.flatMap(checksOf).filter(stands), triggers: new Map(found.map(({ name, table, when }) => [name, { table, when }])) };
}

/** The same rules without those of the given names: a defect to plant. */
export function withoutRules(rules: SchemaRules, names: readonly string[]): SchemaRules {
  const stays = ({ name }: { readonly name: string }): boolean => !names.includes(name);
  for (const name of names) check(rules.triggers.has(name) || [...rules.unique, ...rules.checks].some((rule) => rule.name === name), `there is a rule ${name}`);
  return {
    unique: rules.unique.filter(stays),
    checks: rules.checks.filter(stays),
    triggers: new Map([...rules.triggers].filter(([name]) => !names.includes(name))),
  };
}

/** Tells whether a rule still stands at the end: what was dropped and made again stands. */
function dropping(text: string): (rule: { readonly name: string; readonly at: number }) => boolean {
  const drops = [...text.matchAll(/drop (?:index|trigger|constraint) (?:if exists )?(\w+)/g)].map((match) => ({ name: match[1], at: match.index }));
  return (rule) => !drops.some(({ name, at }) => name === rule.name && at > rule.at);
}

function uniqueIndexes(text: string): Placed<UniqueRule>[] {
  const found = text.matchAll(/create unique index (\w+) on (\w+) \(([^)]*)\)(?: where ([^;]*))?;/g);
  return [...found].map(({ index, 1: name = '', 2: table = '', 3: columns = '', 4: where }) => ({
    name,
    table,
    columns: names(columns),
    where: where ? parsePredicate(where) : always,
    at: index,
  }));
}

function tableParts(text: string): TablePart[] {
  const made = [...text.matchAll(/create table (\w+) \((.*?)\) ?;/g)];
  const changed = [...text.matchAll(/alter table (\w+) ([^;]*);/g)];
  return [...made, ...changed].map(({ index, 1: table = '', 2: body = '' }) => ({ table, body: body.trim(), at: index }));
}

/** Primary keys and unique constraints of a table, named or not. Numbers that the database makes itself are unique by nature. */
function uniqueOf({ table, body, at }: TablePart): Placed<UniqueRule>[] {
  const inline = [...body.matchAll(/(?:^|, )(\w+) (?:(?!generated)[^,()])*?(?:constraint (\w+) )?primary key(?! \()/g)];
  const apart = [...body.matchAll(/(?:constraint (\w+) )?(?:unique|primary key) \(([^)]*)\)/g)];
  return [
    ...inline.map(([, column = '', name]) => ({ name: name ?? `${table}_pkey`, table, columns: [column], where: always, at })),
    ...apart.map(([, name, columns = '']) => ({ name: name ?? `${table}_pkey`, table, columns: names(columns), where: always, at })),
  ];
}

function checksOf({ table, body, at }: TablePart): Placed<CheckRule>[] {
  if (!checkedTables.includes(table)) return [];
  return [...body.matchAll(/constraint (\w+) check (?=\()/g)].map((match) => {
    const condition = bracketed(body.slice(match.index + match[0].length));
    return { name: match[1] ?? '', table, holds: parsePredicate(condition), at };
  });
}

/** From an opening parenthesis to the one that closes it. */
function bracketed(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return text.slice(0, at + 1);
  }
  check(false, 'a parenthesis is closed');
}

function triggers(text: string): Placed<{ table: string; when: Predicate | null }>[] {
  const found = text.matchAll(/create (?:constraint )?trigger (\w+) (?:before|after) [\w ]+? on (\w+)(.*?)execute function/g);
  return [...found].map(({ index, 1: name = '', 2: table = '', 3: rest = '' }) => {
    const when = /when \((.*)\) $/.exec(rest)?.[1];
    const decidable = when !== undefined && !/\bnew\./.test(when);
    return { name, table, when: decidable ? parsePredicate(when.replaceAll('old.', '')) : null, at: index };
  });
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
