import { check } from '@kkm/core';

/** A row by column name, as conditions of the schema look at it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** A condition of an index or trigger. */
export type Predicate = (row: SqlRow) => boolean;

type Value = (row: SqlRow) => unknown;

/** Understands what the migrations use: `and`, `or`, parentheses, `=`, `<`, `in (…)`, boolean columns, texts and numbers. Throws on anything else. */
export function parsePredicate(text: string): Predicate {
  const tokens = text.match(/'[^']*'|\w+|<>|<=|>=|[()=<>,]/g) ?? [];
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
    return (row) => parts.some((part) => part(row));
  }

  private both(): Predicate {
    const parts = [this.one()];
    while (this.take('and')) parts.push(this.one());
    return (row) => parts.every((part) => part(row));
  }

  private one(): Predicate {
    if (this.take('(')) {
      const inner = this.either();
      check(this.take(')'), 'a parenthesis is closed');
      return inner;
    }
    const left = this.value();
    if (this.take('in')) return this.oneOf(left);
    if (this.take('=')) return compared(left, this.value(), (a, b) => a === b);
    if (this.take('<')) return compared(left, this.value(), (a, b) => Number(a) < Number(b));
    return (row) => left(row) === true;
  }

  private oneOf(left: Value): Predicate {
    check(this.take('('), 'a list is opened');
    const values = [this.value()];
    while (this.take(',')) values.push(this.value());
    check(this.take(')'), 'a list is closed');
    return (row) => values.some((value) => value(row) === left(row));
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

function compared(left: Value, right: Value, holds: (a: unknown, b: unknown) => boolean): Predicate {
  return (row) => holds(left(row), right(row));
}
