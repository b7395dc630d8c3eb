import type { CheckRule, SchemaRules, UniqueRule } from './schema-rules';
import type { SqlRow } from './sql-predicate';

/** The names and columns under which a write was refused. */
export class RuleBroken extends Error {
  constructor(readonly rule: string) {
    super(`the rule ${rule} refuses the write`);
  }
}

/** The part of a table that rules look at: rows by an id of their own, and who holds which value of each unique rule. */
export class MemoryTable {
  private readonly rows = new Map<string, SqlRow>();
  private readonly holders: { readonly rule: UniqueRule; readonly byValue: Map<string, string> }[];
  private readonly checks: readonly CheckRule[];

  constructor(rules: Pick<SchemaRules, 'unique' | 'checks'>, table: string) {
    this.holders = rules.unique.filter((rule) => rule.table === table).map((rule) => ({ rule, byValue: new Map() }));
    this.checks = rules.checks.filter((rule) => rule.table === table);
  }

  /** The name of the rule that would refuse the row, were it put; null when none would. */
  refusal(id: string, row: SqlRow): string | null {
    for (const { name, holds } of this.checks) if (holds(row) === false) return name;
    for (const { rule, byValue } of this.holders) {
      if (!rule.where(row)) continue;
      const holder = byValue.get(valueOf(rule, row));
      if (holder !== undefined && holder !== id) return rule.name;
    }
    return null;
  }

  /** Inserts or replaces. Throws {@link RuleBroken} and changes nothing when a rule refuses. */
  put(id: string, row: SqlRow): void {
    const refused = this.refusal(id, row);
    if (refused !== null) throw new RuleBroken(refused);
    this.remove(id);
    this.rows.set(id, row);
    for (const { rule, byValue } of this.holders) if (rule.where(row)) byValue.set(valueOf(rule, row), id);
  }

  /** Removes, if it is there. */
  remove(id: string): void {
    const row = this.rows.get(id);
    if (!row) return;
    this.rows.delete(id);
    for (const { rule, byValue } of this.holders) if (rule.where(row) && byValue.get(valueOf(rule, row)) === id) byValue.delete(valueOf(rule, row));
  }

  /** The row as it stands. */
  find(id: string): SqlRow | undefined {
    return this.rows.get(id);
  }
}

function valueOf(rule: UniqueRule, row: SqlRow): string {
  return JSON.stringify(rule.columns.map((column) => row[column]));
}
