import { join } from 'node:path';

/** Where things lie in a state folder. */
export interface StatePaths {
  readonly dir: string;
  /** Ports chosen and names drawn once, kept for the life of the folder. */
  readonly identity: string;
  readonly state: string;
  readonly lock: string;
  readonly endpoints: string;
  readonly secrets: string;
  readonly logs: string;
  readonly postgres: string;
  readonly rabbitmq: string;
  readonly journal: string;
}

/** The layout of the state folder `dir`. */
export function statePaths(dir: string): StatePaths {
  return {
    dir,
    identity: join(dir, 'identity.json'),
    state: join(dir, 'state.json'),
    lock: join(dir, 'supervisor.lock'),
    endpoints: join(dir, 'endpoints.json'),
    secrets: join(dir, 'secrets'),
    logs: join(dir, 'logs'),
    postgres: join(dir, 'postgres'),
    rabbitmq: join(dir, 'rabbitmq'),
    journal: join(dir, 'journal'),
  };
}
