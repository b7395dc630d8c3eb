import type { CreateUserBody, Problem, ShownSession, User } from '@kkm/contracts';
import { check } from '@kkm/core';
import type { Answer, Ask, GatewayUnderTest } from './gateway-under-test';

/** A user with the password a test gave him. */
export type KnownUser = User & { readonly password: string };

/** What a person does at KKM's own page: signs in, keeps the cookie, asks with it. */
export class Browser {
  private cookie = '';

  constructor(private readonly gateway: GatewayUnderTest) {}

  /** The session's secret as the browser keeps it. */
  get secret(): string {
    return this.cookie.replace('kkm_session=', '');
  }

  /** Asks as the page does. */
  async ask<B = Record<string, never>>(method: string, path: string, ask: Omit<Ask, 'key'> = {}): Promise<Answer<B>> {
    const own = { origin: this.gateway.url, ...(this.cookie === '' ? {} : { cookie: this.cookie }) };
    const answer = await this.gateway.ask<B>(method, path, { ...ask, key: null, headers: { ...own, ...ask.headers } });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    return answer;
  }

  /** Tries to sign in. */
  signIn(name: string, password: string): Promise<Answer<ShownSession & Problem>> {
    return this.ask('POST', '/v1/session', { body: { name, password } });
  }
}

/** Makes a user through the operator's key. */
export async function makeUser(gateway: GatewayUnderTest, user: Partial<CreateUserBody> & { readonly name: string }): Promise<KnownUser> {
  const password = `password of ${user.name}`;
  const { status, body } = await gateway.ask<User>('POST', '/v1/users', { body: { role: 'cashier', password, ...user } });
  check(status === 201, `no user was made: ${JSON.stringify(body)}`);
  return { ...body, password: user.password ?? password };
}

/** A browser in which a user is signed in. */
export async function signedIn(gateway: GatewayUnderTest, user: KnownUser): Promise<Browser> {
  const browser = new Browser(gateway);
  const { status, body } = await browser.signIn(user.name, user.password);
  check(status === 200, `nobody was signed in: ${JSON.stringify(body)}`);
  return browser;
}
