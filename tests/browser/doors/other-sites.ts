import type { Response } from 'playwright-core';
import { eventually } from '@kkm/testkit';
import type { Pages } from '../harness/describe-pages';
import { StrangePage } from '../harness/strange-page';
import type { Visitor } from '../harness/visitor';

const intruder = { name: 'intruder', role: 'admin', siteId: null, password: 'a password of mine' };

/** Every way in which a page makes a browser send a body elsewhere. Each writes down what it may read of the answer. */
const attacks: Readonly<Record<string, (target: string, body: string) => string>> = {
  'a form that looks like JSON': (target, body) =>
    `<form id="f" method="post" enctype="text/plain" action="${target}"><input name='${body.slice(0, -1)},"x":"' value='"}'></form><script>f.submit()</script>`,
  'a request without preflight': (target, body) =>
    `<script>fetch("${target}", { method: "POST", mode: "no-cors", credentials: "include", headers: { "content-type": "text/plain" }, body: ${JSON.stringify(body)} })</script>`,
  'a request with JSON': (target, body) =>
    `<script>fetch("${target}", { method: "POST", credentials: "include", headers: { "content-type": "application/json" }, body: ${JSON.stringify(body)} }).catch(() => undefined)</script>`,
  'a request that needs no body': (target) => `<script>fetch("${target}", { method: "POST", mode: "no-cors", credentials: "include" })</script>`,
  'a request that deletes': (target) => `<script>fetch("${target}", { method: "DELETE", credentials: "include" }).catch(() => undefined)</script>`,
};

/** What pages of other sites cannot do with the session of somebody who is signed in. */
export function otherSites({ kkm, people, visit }: Pages): void {
  const site = (): string => `siteId=${kkm().stack.siteId}`;
  /** Where an attack goes: most would make an administrator. */
  const pathOf = (attack: string): string => {
    if (attack === 'a request that deletes') return '/v1/session';
    return attack === 'a request that needs no body' ? `/v1/terminals/pax-1/settle?${site()}` : '/v1/users';
  };
  /** What the attacks would change. */
  const state = async (): Promise<unknown> => {
    const { users } = (await kkm().call<{ users: { name: string }[] }>('GET', '/v1/users')).body;
    return [users.map(({ name }) => name).sort(), (await kkm().call('GET', `/v1/terminals/pax-1/requests?${site()}`)).body];
  };

  /** Opens a page of somebody else with an administrator's session in the browser; gives what the gateway answered to it. */
  const lure = async (visitor: Visitor, html: string, host: 'localhost' | '127.0.0.1'): Promise<readonly Response[]> => {
    const strange = await StrangePage.serve(html);
    try {
      await visitor.signIn(people().admin);
      const answers: Response[] = [];
      visitor.page.on('response', (answer) => answer.url().startsWith(kkm().stack.gateway.url) && answers.push(answer));
      const asked = visitor.page.waitForEvent('requestfinished', (request) => request.url().startsWith(kkm().stack.gateway.url));
      const failed = visitor.page.waitForEvent('requestfailed', (request) => request.url().startsWith(kkm().stack.gateway.url));
      await visitor.page.goto(strange.at(host));
      await Promise.any([asked, failed]);
      await Promise.allSettled([visitor.page.waitForLoadState('networkidle')]);
      visitor.faults.length = 0; // Somebody else's page does as it likes.
      return answers;
    } finally {
      await strange.close();
    }
  };

  for (const host of ['localhost', '127.0.0.1'] as const) {
    for (const [attack, html] of Object.entries(attacks)) {
      visit(`change nothing by ${attack}, sent from ${host}`, {}, async (visitor) => {
        const before = await state();
        const answers = await lure(visitor, html(`${kkm().stack.gateway.url}${pathOf(attack)}`, JSON.stringify(intruder)), host);
        for (const answer of answers) expect(answer.ok()).toBe(false);
        expect(await state()).toEqual(before);
        await visitor.open('/account');
        await visitor.page.getByRole('heading', { name: 'My password' }).waitFor();
      });
    }

    visit(`read nothing from ${host}, neither answers nor the stream`, {}, async (visitor) => {
      const api = kkm().stack.gateway.url;
      await lure(
        visitor,
        `<p>nothing</p><script>
          const show = (what) => { document.querySelector('p').textContent = what; };
          fetch("${api}/v1/users", { credentials: "include" }).then((answer) => answer.text()).then(show, () => undefined);
          new EventSource("${api}/v1/stream", { withCredentials: true }).onopen = () => show('a stream');
        </script><script src="${api}/v1/users"></script>`,
        host,
      );
      expect(await visitor.page.locator('p').textContent()).toBe('nothing');
    });

    visit(`do not show KKM within a frame at ${host}`, {}, async (visitor) => {
      await lure(visitor, `<iframe src="${kkm().stack.gateway.url}/admin/account"></iframe>`, host);
      await eventually(async () => {
        const [frame] = visitor.page.frames().filter((each) => each !== visitor.page.mainFrame());
        if (!frame?.url().startsWith('chrome-error:')) throw new Error(`The frame shows ${frame?.url() ?? 'nothing yet'}`);
        await Promise.resolve();
      });
    });
  }
}
