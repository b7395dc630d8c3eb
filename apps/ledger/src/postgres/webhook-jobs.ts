import { Logger as JobLogger, run, runMigrations } from 'graphile-worker';
import type { Runner } from 'graphile-worker';
import type { WebhookLane } from '../webhooks/ports';
import { ledgerSchema } from './migrations';

/** Looks into a lane: what is due there is sent. */
const task = 'webhook-lane';

/** Jobs are done at once: nobody waits in one for an endpoint. */
const concurrency = 4;
/** One connection listens, the others fetch. */
const connectionsMax = 3;
/** How often jobs are looked for that nobody told of. */
const pollMs = 1_000;

/**
 * A call that has a lane looked into at a time, as SQL. Each lane has two jobs at most: one for what has just come, and one for what is due later, which never puts the
 * first off. `when` is an expression; `which` names the job.
 */
export function laneJob(which: 'now' | 'later', { endpoint, site, when }: { readonly endpoint: string; readonly site: string; readonly when: string }): string {
  return `ledger.add_job('${task}', json_build_object('endpointId', ${endpoint}, 'siteId', ${site}), job_key => '${which} ' || ${endpoint} || ' ' || ${site}, run_at => ${when})`;
}

/** When the library is begun anew after it gave up. */
const againMs = 1_000;

/** What the jobs tell. */
export interface JobWatch {
  background(what: string, error: unknown): void;
}

/** Brings the library's tables and functions up to date, in the ledger's own schema. Replicas may do it together. */
export async function prepareWebhookJobs(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: urlOfJobs(databaseUrl), schema: ledgerSchema, maxPoolSize: 1, logger: new JobLogger(() => () => undefined) });
}

/** Jobs that are being done. */
export interface RunningJobs {
  stop(): Promise<void>;
}

/**
 * Starts the library that does the jobs, in the ledger's own schema: its role owns no other. It has connections of its own; its clock is the database's. It gives up when the
 * database is away for long, so it is begun anew. Where a process dies in the middle of a job it waits for hours, so the ledger has overdue lanes looked into by itself as well.
 */
export async function startWebhookJobs(databaseUrl: string, look: (lane: WebhookLane) => Promise<void>, watch: JobWatch): Promise<RunningJobs> {
  const begin = (): Promise<Runner> => beginJobs(databaseUrl, look, watch);
  let runner = await begin();
  let stopped = false;
  const keep = async (): Promise<void> => {
    for (;;) {
      await runner.promise.catch((error: unknown) => watch.background('webhook jobs', error));
      do {
        if (stopped) return;
        await pause(againMs);
      } while (!(await begin().then((fresh) => Boolean((runner = fresh)), noted(watch))));
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      stopped = true;
      await runner.stop().catch(noted(watch));
      await kept;
    },
  };
}

function beginJobs(databaseUrl: string, look: (lane: WebhookLane) => Promise<void>, watch: JobWatch): Promise<Runner> {
  return run({
    connectionString: urlOfJobs(databaseUrl),
    schema: ledgerSchema,
    concurrency,
    maxPoolSize: connectionsMax,
    pollInterval: pollMs,
    noHandleSignals: true,
    taskList: { [task]: (payload) => look(laneOf(payload)) },
    logger: new JobLogger(() => (level, message) => {
      if (level === 'error' || level === 'warning') watch.background('webhook jobs', new Error(message));
    }),
  });
}

function urlOfJobs(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', 'kkm-ledger-jobs');
  return url.href;
}

function noted(watch: JobWatch): (error: unknown) => false {
  return (error) => {
    watch.background('webhook jobs', error);
    return false;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function laneOf(payload: unknown): WebhookLane {
  const { endpointId, siteId } = payload as WebhookLane;
  return { endpointId, siteId };
}
