import { doorText } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { KkmCaller } from '@kkm/core';
import fc from 'fast-check';
import { FakeDesk } from '../testing/fake-desk';
import { Execute } from './execute';

const caller: KkmCaller = { siteId: 'club-1', account: 'user', mayGiveBack: false };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };

describe('Execute', () => {
  let desk: FakeDesk;
  let stopping: AbortController;
  const run = (body: unknown, atOnce = false) => {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return new Execute(desk, { log: silent, stopping: stopping.signal }).run({ bytes, caller, atOnce, gone: new AbortController().signal });
  };
  beforeEach(() => {
    desk = new FakeDesk();
    stopping = new AbortController();
  });

  it('hands a command over with its caller, and writes the answer', async () => {
    expect(await run({ Command: 'XReport', IdCommand: 'x', Timeout: 5 })).toEqual({
      httpStatus: 200,
      command: 'XReport',
      body: { Command: 'XReport', Error: '', Status: 0, IdCommand: 'x' },
    });
    expect(desk.submissions).toMatchObject([{ caller, waitMs: 5_000, command: { name: 'XReport' } }]);
  });

  it('does not wait where the path or the Timeout says so, and names an id to ask by', async () => {
    desk.held = true;
    expect((await run({ Command: 'XReport', Timeout: 60 }, true)).body).toMatchObject({ Status: 1, IdCommand: 'made-1' });
    expect((await run({ Command: 'XReport', Timeout: 1 })).body).toMatchObject({ Status: 1, IdCommand: 'made-2' });
    expect(desk.submissions.map(({ waitMs }) => waitMs)).toEqual([0, 0]);
    expect((await run({ Command: 'GetRezult', IdCommand: 'made-1' })).body).toMatchObject({ Status: 1, IdCommand: 'made-1', Rezult: { Status: 1 } });
  });

  it('reads a body with a byte order mark', async () => {
    expect((await run(`\ufeff${JSON.stringify({ Command: 'List' })}`)).body).toMatchObject({ Command: 'List', Status: 0 });
  });

  it.each([
    ['', 'bodyEmpty'],
    ['{"Command"', 'bodyNotJson'],
    ['Command=List', 'bodyNotJson'],
    ['['.repeat(500_000), 'bodyNotJson'],
    ['[]', 'bodyNoObject'],
    ['null', 'bodyNoObject'],
    [`{"Command":"List","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'bodyTooDeep'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'bodyNotUtf8'],
    ['{}', 'commandMissing'],
  ] as const)('answers what it cannot read, and hands nothing over', async (body, text) => {
    expect(await run(body)).toMatchObject({ httpStatus: 200, body: { Status: 2, Error: doorText(text) } });
    expect(desk.submissions).toEqual([]);
  });

  it('answers 501 to a command nobody knows', async () => {
    expect(await run({ Command: 'GetWeight', IdCommand: 'w' })).toMatchObject({ httpStatus: 501, body: { Command: 'GetWeight', Status: 2, IdCommand: 'w' } });
  });

  it('takes a malformed id of GetRezult for one that nobody has', async () => {
    for (const IdCommand of [{ Status: 0 }, null, ['x'], 'nobody', 7])
      expect(await run({ Command: 'GetRezult', IdCommand })).toMatchObject({ httpStatus: 200, body: { Status: 3, Rezult: { Status: 3 } } });
  });

  it('never calls it an error when it cannot tell what became of a command', async () => {
    for (const failure of [new Unavailable('settings.unavailable'), new TypeError('a bug')]) {
      desk.failure = failure;
      const paid = await run({ Command: 'PayByPaymentCard', Amount: 5, IdCommand: 'p' });
      expect(paid).toMatchObject({ httpStatus: 503, body: { Status: 1, IdCommand: 'p', Error: doorText('outcomeUnknown') } });
      expect(await run({ Command: 'GetRezult', IdCommand: 'p' })).toMatchObject({
        httpStatus: 503,
        body: { Status: 1, IdCommand: 'p', Rezult: { Status: 1 } },
      });
    }
  });

  it('answers who waits when the door closes', async () => {
    desk.held = true;
    const waiting = run({ Command: 'XReport', IdCommand: 'x', Timeout: 900 });
    stopping.abort();
    expect((await waiting).body).toMatchObject({ Status: 1, IdCommand: 'x' });
  });

  it('has an answer to any JSON, and hands over only what has a command', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (body) => {
        const { httpStatus, body: answer } = await run(body);
        expect(httpStatus).toBe(200);
        expect(answer).toMatchObject({ Status: 2, Error: expect.stringMatching(/./) });
      }),
      { numRuns: 50 },
    );
    expect(desk.submissions).toEqual([]);
  });
});
