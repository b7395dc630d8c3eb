import type { Finding } from './finding';

/** What the doctor looks at of the database of all services. */
export interface DatabaseFacts {
  readonly roles: readonly {
    readonly role: string;
    /** Whether it can log in with the password that its service has. */
    readonly logsIn: boolean;
    /** Whether it may do more than its service needs. */
    readonly powerful: boolean;
    /** Owner of the schema that is named as its service; null: there is no such schema. */
    readonly schemaOwner: string | null;
  }[];
}

const anew = './kkm down && ./kkm up sets roles, passwords and schemas anew; elsewhere infra/postgres/roles.sql does';

/** Roles that cannot log in, may do too much, or do not own their schema. */
export function judgeDatabase({ roles }: DatabaseFacts): readonly Finding[] {
  const findings = roles.flatMap(({ role, logsIn, powerful, schemaOwner }): Finding[] => {
    const problem = (words: string, remedy = anew): Finding => ({ kind: 'problem', about: 'Postgres role', words, remedy });
    return [
      ...(logsIn ? [] : [problem(`${role} is refused with the password that its service has`)]),
      ...(powerful ? [problem(`${role} may do more than its own schema`, `alter role ${role} nosuperuser nocreatedb nocreaterole`)] : []),
      ...(schemaOwner === role ? [] : [problem(schemaOwner === null ? `${role} has no schema` : `the schema of ${role} belongs to ${schemaOwner}`)]),
    ];
  });
  return findings.length > 0 ? findings : [{ kind: 'ok', about: 'Postgres roles', words: roles.map(({ role }) => role).join(', ') }];
}

/** Clocks may differ by so much before a permit is granted too late, or a token counts as of the future. */
const apartMaxMs = 5_000;

/** Compares this machine's clock with that of the database, by which expiry and leases count. `tookMs` is how long the question took. */
export function judgeClocks({ hereMs, databaseMs, tookMs }: { readonly hereMs: number; readonly databaseMs: number; readonly tookMs: number }): Finding {
  const apartMs = databaseMs - hereMs;
  if (Math.abs(apartMs) <= apartMaxMs + tookMs) return { kind: 'ok', about: 'clocks', words: 'this machine and the database agree' };
  const words = `the database is ${Math.round(Math.abs(apartMs) / 1_000)} s ${apartMs > 0 ? 'ahead of' : 'behind'} this machine`;
  return { kind: 'problem', about: 'clocks', words, remedy: 'timedatectl set-ntp true on both' };
}
