import { sqlOf } from '@kkm/postgres';
import type { openDataSource } from '@kkm/postgres';
import { ApiKeys } from './access/api-keys';
import { Authentication } from './access/authentication';
import { keyCaller, userCaller } from './access/caller';
import { Sessions } from './access/sessions';
import { SessionWatch } from './access/session-watch';
import { Turns } from './access/turns';
import { Users } from './access/users';
import { apiKeyByHash } from './postgres/api-key.row';
import { livingSecrets, sweepSessions, useSession } from './postgres/session.row';
import { sweepTries } from './postgres/sign-in-try.row';

/** Who may come in: keys, users and their sessions. */
export interface Access {
  readonly authentication: Authentication;
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly sessionWatch: SessionWatch;
}

/** Passwords checked at a time: each costs 19 MiB and some 30 ms of a processor, which payments need more. */
const passwordTurns = { atOnce: 2, waiting: 20 } as const;

/** Builds what says who a caller is. */
export function buildAccess(dataSource: Awaited<ReturnType<typeof openDataSource>>): Access {
  const sql = sqlOf(dataSource, 'settings.unavailable');
  const authentication = new Authentication(
    {
      key: async (hash) => {
        const key = await apiKeyByHash(sql, hash);
        return key && keyCaller(key);
      },
      session: async (hash) => {
        const session = await useSession(sql, hash);
        return session && userCaller(session);
      },
    },
    () => performance.now(),
  );
  const sessionWatch = new SessionWatch({
    living: (secrets) => livingSecrets(sql, secrets),
    sweep: async () => {
      await sweepSessions(sql);
      await sweepTries(sql);
    },
  });
  const ended = (): void => {
    authentication.forget();
    void sessionWatch.look();
  };
  const ground = { dataSource, turns: new Turns(passwordTurns), ended };
  return { authentication, apiKeys: new ApiKeys(sql, authentication), sessions: new Sessions(ground), users: new Users(ground), sessionWatch };
}
