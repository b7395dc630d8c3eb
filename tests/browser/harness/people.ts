import type { TestKkm } from '../../e2e/harness/test-kkm';

/** What a person signs in with. */
export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** One person of each role; the administrator is the first one, made with the system. */
export type People = Readonly<Record<'cashier' | 'manager' | 'admin', Credentials>>;

/** The first administrator, as the gateway is told of him. */
export const firstAdmin: Credentials = { name: 'Olga Petrova', password: 'correct horse battery' };

/** Enters a cashier and a manager of the site. */
export async function enterPeople(kkm: TestKkm): Promise<People> {
  const enter = async (role: 'cashier' | 'manager', name: string): Promise<Credentials> => {
    const password = `password of ${name}`;
    const answer = await kkm.call('POST', '/v1/users', { body: { name, role, siteId: kkm.stack.siteId, password } });
    if (answer.status !== 201) throw new Error(`user: ${answer.status} ${JSON.stringify(answer.body)}`);
    return { name, password };
  };
  return { cashier: await enter('cashier', 'Ivan'), manager: await enter('manager', 'Maria'), admin: firstAdmin };
}
