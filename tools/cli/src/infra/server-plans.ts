import type { Progress } from '../terminal/progress';
import type { Identity } from '../state/identity';
import type { ProcessPlan } from '../processes/process-plan';
import type { Settings } from '../cli.config';
import type { StatePaths } from '../state/state-paths';

/** What an infrastructure is prepared from. */
export interface InfraContext {
  readonly settings: Settings;
  readonly paths: StatePaths;
  readonly identity: Identity;
  readonly progress: Progress;
}

/** Where a broker and a database are, with everything that has to be running for them. */
export interface Infra {
  readonly kind: 'native' | 'docker' | 'external';
  /** For people: which programs of which version. */
  readonly words: string;
  /** Started concurrently but for {@link ServerPlans.before}; empty when somebody else runs the servers. */
  readonly servers: readonly ServerPlans[];
  /** Origins with credentials, no path. */
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** A role that may create databases and roles; no path. */
  readonly adminDatabaseUrl: string;
}

/** A server and what has to run before it. */
export interface ServerPlans {
  readonly before: readonly ProcessPlan[];
  readonly server: ProcessPlan;
}
