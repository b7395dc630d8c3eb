import type { Sql, Statement } from '@kkm/postgres';

/** When wrong passwords of one subject, a name or an address, begin to cost a wait. */
export interface TryLimits {
  /** This many are free; the wait after the next is 1 s, and doubles from then on. */
  readonly free: number;
}

/** The longest wait: an attacker must not lock out anybody for longer. */
export const waitMaxSeconds = 900;

/** Tries are forgotten after so long without one; longer than the longest wait, so that waiting it out gains nothing. */
const forgottenAfterSeconds = 3_600;

const wait = `now() + least(power(2, least(t.tries + 1 - $2, 12)) / 2, ${waitMaxSeconds}) * interval '1 second'`;
const forgotten = `t.tried_at < now() - make_interval(secs => ${forgottenAfterSeconds})`;
// Counted as wrong before the password is looked at: of many that arrive together, on whatever replica, only the free ones get through.
const take: Statement = {
  name: 'try-take',
  text: `insert into gateway.sign_in_try as t (subject, tries, tried_at, waits_until) values ($1, 1, now(), now())
    on conflict (subject) do update set tried_at = now(), tries = case when ${forgotten} then 1 else t.tries + 1 end,
      waits_until = case when ${forgotten} or t.tries + 1 <= $2 then now() else ${wait} end
    where t.waits_until <= now() returning tries`,
};
const waitLeft: Statement = {
  name: 'try-wait',
  text: 'select greatest(1, ceil(extract(epoch from waits_until - now())))::int as seconds from gateway.sign_in_try where subject = $1',
};
const clear: Statement = { name: 'try-clear', text: 'delete from gateway.sign_in_try where subject = $1' };
const giveBack: Statement = {
  name: 'try-give-back',
  text: 'update gateway.sign_in_try set tries = greatest(tries - 1, 0), waits_until = now() where subject = $1',
};
const sweep: Statement = { name: 'try-sweep', text: `delete from gateway.sign_in_try t where ${forgotten}` };

/** Counts a try as a wrong one. 0: go on; else the seconds to wait, and nothing was counted. */
export async function takeTry(sql: Sql, subject: string, { free }: TryLimits): Promise<number> {
  if ((await sql.rows(take, [subject, free])).length > 0) return 0;
  const [row] = await sql.rows<{ readonly seconds: number }>(waitLeft, [subject]);
  return row?.seconds ?? 1;
}

/** Forgets all tries of a subject: a right password came. */
export async function clearTries(sql: Sql, subject: string): Promise<void> {
  await sql.run(clear, [subject]);
}

/** Takes back the last try of a subject and its wait; earlier ones stay. */
export async function giveTryBack(sql: Sql, subject: string): Promise<void> {
  await sql.run(giveBack, [subject]);
}

/** Throws out what is forgotten. */
export async function sweepTries(sql: Sql): Promise<void> {
  await sql.run(sweep);
}
