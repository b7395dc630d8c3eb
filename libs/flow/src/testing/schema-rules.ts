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

/** What the ledger's database refuses, as far as a store in memory can refuse it too. */
export interface SchemaRules {
  readonly unique: readonly UniqueRule[];
  /** Triggers by name. What they do is code of the fake; that they are there is read from the SQL, with their condition where one row decides it. */
  readonly triggers: ReadonlyMap<string, { readonly table: string; readonly when: Predicate | null }>;
}

const always: Predicate = () => true;

/** Reads the rules from the text of migrations, so that an index dropped there is dropped in the fake. Throws on a condition it does not understand. */
export function readSchemaRules(sql: string): SchemaRules {
  const text = sql.replace(/--[^\n]*/g, '').replace(/\s+/g, ' ');
  const dropped = new Set([...text.matchAll(/drop (?:index|trigger|constraint) (?:if exists )?(\w+)/g)].map((match) => match[1]));
  const unique = [...uniqueIndexes(text), ...tables(text).flatMap(tableRules)].filter((rule) => !dropped.has(rule.name));
  check(unique.length > 0, 'the migrations have unique rules');
  return { unique, triggers: new Map(triggers(text).filter(([name]) => !dropped.has(name))) };
}

/** The same rules without those of the given names: a defect to plant. */
export function withoutRules(rules: SchemaRules, names: readonly string[]): SchemaRules {
  for (const name of names) check(rules.triggers.has(name) || rules.unique.some((rule) => rule.name === name), `there is a rule ${name}`);
  return {
    unique: rules.unique.filter((rule) => !names.includes(rule.name)),
    triggers: new Map([...rules.triggers].filter(([name]) => !names.includes(name))),
  };
}

function uniqueIndexes(text: string): UniqueRule[] {
  const found = text.matchAll(/create unique index (\w+) on (\w+) \(([^)]*)\)(?: where ([^;]*))?;/g);
  return [...found].map(([, name = '', table = '', columns = '', where]) => ({
    name,
    table,
    columns: names(columns),
    where: where ? parsePredicate(where) : always,
  }));
}

function tables(text: string): { readonly name: string; readonly body: string }[] {
  return [...text.matchAll(/create table (\w+) \((.*?)\) ?;/g)].map(([, name = '', body = '']) => ({ name, body: body.trim() }));
}

/** Primary keys and unique constraints of a table, named or not. Numbers that the database makes itself are unique by nature. */
function tableRules({ name: table, body }: { readonly name: string; readonly body: string }): UniqueRule[] {
  const inline = [...body.matchAll(/(?:^|, )(\w+) (?:(?!generated)[^,()])*?(?:constraint (\w+) )?primary key(?! \()/g)];
  const apart = [...body.matchAll(/(?:constraint (\w+) )?(?:unique|primary key) \(([^)]*)\)/g)];
  return [
    ...inline.map(([, column = '', name]) => ({ name: name ?? `${table}_pkey`, table, columns: [column], where: always })),
    ...apart.map(([, name, columns = '']) => ({ name: name ?? `${table}_pkey`, table, columns: names(columns), where: always })),
  ];
}

function triggers(text: string): [string, { table: string; when: Predicate | null }][] {
  const found = text.matchAll(/create (?:constraint )?trigger (\w+) (?:before|after) [\w ]+? on (\w+)(.*?)execute function/g);
  return [...found].map(([, name = '', table = '', rest = '']) => {
    const when = /when \((.*)\) $/.exec(rest)?.[1];
    const decidable = when !== undefined && !/\bnew\./.test(when);
    return [name, { table, when: decidable ? parsePredicate(when.replaceAll('old.', '')) : null }];
  });
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
