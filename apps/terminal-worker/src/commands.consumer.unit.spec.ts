import { someCommand, VirtualClock } from '@kkm/flow/testing';
import type { Worker } from '@kkm/flow/worker';
import type { Delivery } from '@kkm/messaging';
import { CommandsConsumer } from './commands.consumer';

const command = someCommand(new VirtualClock());
const delivery: Delivery = { body: null, messageId: 'att-1', type: null, routingKey: 'club-1.pax-1', headers: {}, userId: null, redelivered: false };

/** A worker that remembers what reached it. */
function consumer() {
  const reached: unknown[] = [];
  const worker = {
    handle: (terminalId: string) => {
      reached.push(terminalId);
      return Promise.resolve('done');
    },
    hint: (hint: unknown) => {
      reached.push(hint);
      return Promise.resolve();
    },
  } as unknown as Worker;
  return { door: new CommandsConsumer(worker), reached };
}

describe('the door of a worker', () => {
  it('hands a command to the worker', async () => {
    const { door, reached } = consumer();
    expect(await door.command(command, delivery)).toBe('done');
    expect(reached).toEqual(['pax-1']);
  });

  it('parks what is no command', async () => {
    const { door, reached } = consumer();
    expect(await door.command({ ...command, amount: -1 }, delivery)).toEqual({ park: 'message.malformed' });
    expect(reached).toEqual([]);
  });

  it('parks a command that came through the queue of another terminal', async () => {
    const { door, reached } = consumer();
    expect(await door.command(command, { ...delivery, routingKey: 'club-1.pax-2' })).toEqual({ park: 'the command is for another terminal' });
    expect(reached).toEqual([]);
  });

  it('passes hints on and drops what is none', async () => {
    const { door, reached } = consumer();
    const hint = { kind: 'cancel', attemptId: 'att-1' };
    expect([await door.hint(hint), await door.hint({ kind: 'pay me' })]).toEqual(['done', 'done']);
    expect(reached).toEqual([hint]);
  });
});
