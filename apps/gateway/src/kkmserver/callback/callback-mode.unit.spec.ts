import { commandStatuses } from '@kkm/core';
import type { WrittenAnswer } from '@kkm/contracts';
import { FakeDesk } from '../../testing/fake-desk';
import { MemoryCallbackBook } from '../../testing/memory-callback-book';
import { CallbackMode } from './callback-mode';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
const pay = (IdCommand: string) => ({ Command: 'PayByPaymentCard', Amount: 5, IdCommand });

describe('the callback mode', () => {
  let desk: FakeDesk;
  let book: MemoryCallbackBook;
  let site: string | null;
  let brought: WrittenAnswer[][];
  let sending: unknown[];
  let away: boolean;
  let drawn = 0;
  const mode = () =>
    new CallbackMode({
      desk,
      book,
      poll: (results) => {
        if (away) return Promise.reject(new Error('away'));
        brought.push([...results]);
        return Promise.resolve(sending.splice(0));
      },
      site: () => Promise.resolve(site),
      newId: () => `drawn-${(drawn += 1)}`,
      log: silent,
    });
  beforeEach(() => {
    [desk, book, site, brought, sending, away, drawn] = [new FakeDesk(), new MemoryCallbackBook(), 'club-1', [], [], false, 0];
  });

  it('takes commands in one round, and brings their results in the next, once', async () => {
    sending = [pay('p-1'), { command: 'list' }];
    for (let i = 0; i < 3; i += 1) await mode().round();
    expect(brought).toEqual([
      [],
      [
        { Command: 'PayByPaymentCard', Error: '', Status: 0, IdCommand: 'p-1' },
        { Command: 'List', Error: '', Status: 0, IdCommand: 'drawn-1' },
      ],
      [],
    ]);
    expect(desk.submissions[0]).toMatchObject({ caller: { siteId: 'club-1', account: 'admin', mayGiveBack: true }, waitMs: 0 });
  });

  it('brings a result only when there is one', async () => {
    desk.held = true;
    sending = [pay('p-1')];
    await mode().round();
    await mode().round();
    expect(brought[1]).toEqual([]);
    desk.release();
    await mode().round();
    expect(brought[2]).toMatchObject([{ IdCommand: 'p-1', Status: 0 }]);
  });

  it('brings a result again until the server has taken it', async () => {
    sending = [pay('p-1')];
    await mode().round();
    away = true;
    await expect(mode().round()).rejects.toThrow('away');
    away = false;
    await mode().round();
    expect(brought[1]).toMatchObject([{ IdCommand: 'p-1', Status: 0 }]);
  });

  it('begins after a crash what had only been kept', async () => {
    sending = [pay('p-1')];
    desk.failure = new Error('killed');
    await mode().round();
    desk.failure = null;
    await mode().round();
    expect(brought[1]).toMatchObject([{ IdCommand: 'p-1', Status: 0 }]);
  });

  it('brings what it could not read or does not know as an error, and asks for results', async () => {
    desk.answer = { ...desk.answer, status: commandStatuses.error, error: 'нет' };
    sending = [
      pay('p-1'),
      { Command: 'PayByPaymentCard', Amount: -1, IdCommand: 'p-2' },
      { Command: 'MakeCoffee' },
      5,
      { Command: 'GetRezult', IdCommand: 'p-1' },
    ];
    await mode().round();
    await mode().round();
    expect(brought[1]).toMatchObject([
      { Command: 'PayByPaymentCard', IdCommand: 'p-1', Status: 2, Error: 'нет' },
      { Command: 'PayByPaymentCard', IdCommand: 'p-2', Status: 2 },
      { Command: 'MakeCoffee', Status: 2 },
      { Command: '', Status: 2 },
      { Command: 'GetRezult', Status: 2, Rezult: { IdCommand: 'p-1', Status: 2 } },
    ]);
  });

  it('is not stopped by one command that fails', async () => {
    sending = [pay('p-1'), pay('p-2')];
    const submit = desk.submit.bind(desk);
    desk.submit = (caller, command, wait) => (command.idCommand === 'p-1' ? Promise.reject(new Error('a bug')) : submit(caller, command, wait));
    await mode().round();
    await mode().round();
    expect(brought[1]).toMatchObject([{ IdCommand: 'p-2' }]);
  });

  it('polls nobody while it is not clear for which site', async () => {
    site = null;
    await mode().round();
    expect(brought).toEqual([]);
  });
});
