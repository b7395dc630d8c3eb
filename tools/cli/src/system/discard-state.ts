import { rmSync } from 'node:fs';
import { removePostgresPlace } from '../infra/postgres-place';
import { readIdentity } from '../state/identity';
import type { StatePaths } from '../state/state-paths';

/** Removes the data and the secrets of a state folder; logs stay, to be read after a failure. */
export function discardState(paths: StatePaths): void {
  const identity = readIdentity(paths);
  if (identity) removePostgresPlace(paths, identity.id);
  for (const path of [paths.postgres, paths.rabbitmq, paths.journal, paths.secrets, paths.identity, paths.endpoints, paths.state])
    rmSync(path, { recursive: true, force: true });
}
