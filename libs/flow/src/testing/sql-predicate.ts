import { check } from '@kkm/core';

/** A row by column name, as conditions of the schema look at it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** A condition of an index, a check or a trigger; null is SQL's "unknown": an index then leaves the row out, a check lets it pass. */
export type Predicate = (row: SqlRow) => boolean | null;

type Value = (row: SqlRow) => unknown;

/** Understands what the migrations use: `and`, `or`, parentheses, comparisons, `in (…)`, `is [not] null`, sums, boolean columns, texts and numbers. Throws on anything else. */
export function parsePredicate(text: string): Predicate {
  const tokens = text.match(/'[^']*'|\w+|<>|<=|>=|[()=<>,+]/g) ?? [];
  check(tokens.join('').length === text.replace(/\s+/g, '').length, `the condition "${text}" can be read`);
  const reader = new PredicateReader(tokens);
  const predicate = reader.either();
  check(reader.atEnd, `the condition "${text}" was read to its end`);
  return predicate;
}

class PredicateReader {
  private position = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get atEnd(): boolean {
    return this.position === this.tokens.length;
  }

  either(): Predicate {
    const parts = [this.both()];
    while (this.take('or')) parts.push(this.both());
    return (row) => all(parts, row, true);
  }

  private both(): Predicate {
    const parts = [this.one()];
    while (this.take('and')) parts.push(this.one());
    return (row) => all(parts, row, false);
  }

  private one(): Predicate {
    if (this.take('(')) {
      const inner = this.either();
      check(this.take(')'), 'a parenthesis is closed');
      return inner;
    }
    const left = this.sum();
    if (this.take('in')) return this.oneOf(left);
    if (this.take('is')) return this.nullness(left);
    for (const [sign, holds] of comparisons) if (this.take(sign)) return compared(left, this.sum(), holds);
    return (row) => left(row) === true;
  }

  private nullness(left: Value): Predicate {
    const negated = this.take('not');
    check(this.take('null'), '"is" asks for null');
    return (row) => (left(row) === null) !== negated;
  }

  private sum(): Value {
    const parts = [this.value()];
    while (this.take('+')) parts.push(this.value());
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return (row) => parts.reduce((total, part) => total + Number(part(row)), 0);
  }

  private oneOf(left: Value): Predicate {
    check(this.take('('), 'a list is opened');
    const values = [this.value()];
    while (this.take(',')) values.push(this.value());
    check(this.take(')'), 'a list is closed');
    return (row) => (left(row) === null ? null : values.some((value) => value(row) === left(row)));
  }

  private value(): Value {
    const token = this.tokens[this.position] ?? '';
    this.position += 1;
    if (token.startsWith("'")) return () => token.slice(1, -1);
    if (/^\d+$/.test(token)) return () => Number(token);
    check(/^[a-z_]\w*$/.test(token), `"${token}" is a column`);
    return (row) => {
      check(token in row, `the fake's row has the column ${token}`);
      return row[token];
    };
  }

  private take(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }
}

const comparisons: readonly (readonly [string, (a: unknown, b: unknown) => boolean])[] = [
  ['=', (a, b) => a === b],
  ['<>', (a, b) => a !== b],
  ['<=', (a, b) => Number(a) <= Number(b)],
  ['>=', (a, b) => Number(a) >= Number(b)],
  ['<', (a, b) => Number(a) < Number(b)],
  ['>', (a, b) => Number(a) > Number(b)],
];

function compared(left: Value, right: Value, holds: (a: unknown, b: unknown) => boolean): Predicate {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    return a === null || b === null ? null : holds(a, b);
  };
}

/** `decisive` is what one part decides for all: true for `or`, false for `and`. */
function all(parts: readonly Predicate[], row: SqlRow, decisive: boolean): boolean | null {
  let unknown = false;
  for (const part of parts) {
    const answer = part(row);
    if (answer === decisive) return decisive;
    unknown ||= answer === null;
  }
  return unknown ? null : !decisive;
}
