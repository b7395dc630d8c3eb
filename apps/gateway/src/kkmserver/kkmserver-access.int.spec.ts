import { doorText } from '@kkm/contracts';
import { KkmServerUnderTest } from '../testing/kkmserver-under-test';

const xReport = { Command: 'XReport', IdCommand: 'x-1' };

describe('the KkmServer door', () => {
  let door: KkmServerUnderTest;
  beforeEach(async () => {
    door = await KkmServerUnderTest.start();
  });
  afterEach(() => door.stop());

  describe('lets in', () => {
    const caller = () => door.desk.submissions.at(-1)?.caller;

    it('who has a password, before a byte of the body is read', async () => {
      const wrong = await door.ask({ body: '{"broken', as: 'Admin:nimda' });
      expect([wrong.status, wrong.body['Error'], wrong.headers['www-authenticate']]).toEqual([
        401,
        doorText('credentialsWrong'),
        expect.stringMatching(/^Basic/),
      ]);
      expect(wrong.headers['access-control-allow-origin']).toBe('*');
      expect((await door.ask({ body: xReport, as: 'ADMIN:admin' })).status).toBe(200);
      expect(caller()).toEqual({ siteId: 'club-1', account: 'admin', mayGiveBack: true });
    });

    it('on this machine also who has none, where it is so set; he gives nothing back', async () => {
      for (const [as, account] of [
        [null, 'none'],
        ['User:', 'user'],
      ] as const) {
        expect((await door.ask({ body: xReport, as })).status).toBe(200);
        expect(caller()).toEqual({ siteId: 'club-1', account, mayGiveBack: false });
      }
      expect((await door.ask({ body: xReport, as: null, headers: { authorization: '' } })).status).toBe(200);
    });

    it('no page without a password, unless its origin is listed', async () => {
      const from = (origin: string, as: string | null) => door.ask({ body: xReport, as, headers: { origin } });
      for (const as of [null, 'User:']) {
        expect((await from('https://evil.example', as)).status).toBe(401);
        expect((await from('null', as)).status).toBe(401);
        expect((await from('https://desk.example', as)).status).toBe(200);
        expect(caller()?.mayGiveBack).toBe(true);
      }
      expect((await from('https://evil.example', 'Admin:admin')).status).toBe(200);
    });

    it('nobody whom a proxy passes on without a password', async () => {
      expect((await door.ask({ body: xReport, as: null, headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(401);
    });

    it('nobody who guesses, not even with the right password; the other account goes on', async () => {
      for (let i = 0; i < 10; i += 1) expect((await door.ask({ body: xReport, as: `Admin:${i}` })).status).toBe(401);
      const barred = await door.ask({ body: xReport, as: 'Admin:admin' });
      expect([barred.status, Number(barred.headers['retry-after']) > 0, barred.body['Error']]).toEqual([429, true, doorText('tooManyGuesses')]);
      expect((await door.ask({ body: xReport, as: 'User:' })).status).toBe(200);
      expect((await door.ask({ body: xReport, as: null })).status).toBe(200);
    });
  });

  it('refuses a flood, in no form of an error', async () => {
    const flooded = await KkmServerUnderTest.start({ rate: { perSecond: 1, burst: 2 } });
    try {
      const answers = [await flooded.ask({ body: xReport }), await flooded.ask({ body: xReport }), await flooded.ask({ body: xReport })];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers[2]).toMatchObject({ headers: { 'retry-after': '1' }, body: { Status: 1 } });
    } finally {
      await flooded.stop();
    }
  });
});
