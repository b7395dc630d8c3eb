import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { queueTable } from '@kkm/contracts';
import { Rejected, Unavailable } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import { of } from 'rxjs';
import { AmqpStrategy } from './amqp-strategy';
import { RemoteFault } from './broker';
import type { Broker, Delivery, Disposition } from './broker';
import { PassErrorsFilter } from './pass-errors.filter';
import { machineClock } from './surroundings';
import { collector, gate, parkedQueue, send, singleActiveQueue, testExchanges, testQueue } from './testing/conformance-harness';
import { connectMemoryBroker } from './testing/memory-broker';
import { MemoryServer } from './testing/memory-server';

const log: string[] = [];
let waiting = gate();

@Controller()
class TestConsumer {
  @MessagePattern('payments.read')
  read(@Payload() request: unknown, @Ctx() delivery: Delivery): unknown {
    return { request, user: delivery.userId };
  }

  @MessagePattern('payments.list')
  list(): unknown {
    return of([1, 2]);
  }

  @MessagePattern('payments.open')
  open(): never {
    throw new Rejected('payment.order_busy', { detail: 'order 7' });
  }

  @MessagePattern('payments.redo')
  redo(): never {
    throw new Error('a bug');
  }

  @EventPattern('s.results')
  async results(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Disposition> {
    log.push(`result ${delivery.messageId}`);
    if (delivery.messageId === 'm-down' && log.filter((line) => line === 'result m-down').length < 3) throw new Unavailable('ledger.unavailable');
    if (delivery.messageId === 'm-park') return { park: 'message.unknown_type' };
    return Promise.resolve(body === null ? 'retry' : 'done');
  }

  @EventPattern('terminal')
  async terminal(@Ctx() _delivery: unknown, @Payload() body: unknown): Promise<Disposition> {
    log.push(`begin ${JSON.stringify(body)}`);
    await waiting.passed;
    log.push(`end ${JSON.stringify(body)}`);
    return 'done';
  }

  @EventPattern('s.shapeless')
  shapeless(): unknown {
    return undefined;
  }
}

@Module({ controllers: [TestConsumer] })
class TestModule {}

describe('AmqpStrategy', () => {
  const server = new MemoryServer({ clock: machineClock });
  let broker: Broker;
  let caller: Broker;
  let strategy: AmqpStrategy;
  let app: INestMicroservice;

  beforeAll(async () => {
    broker = await connectMemoryBroker(server, { name: 'service', clock: { ...machineClock, after: (ms, then) => machineClock.after(ms / 20, then) } });
    caller = await connectMemoryBroker(server, { name: 'caller' });
    await broker.declare(testExchanges, [
      parkedQueue,
      testQueue('s.results'),
      testQueue('s.shapeless'),
      ...queueTable.filter(({ name }) => name === 'ledger.rpc'),
    ]);
    const queues = [
      { queue: 's.results', prefetch: 10 },
      { queue: 's.shapeless', prefetch: 1 },
    ];
    strategy = new AmqpStrategy({ broker, calls: [{ queue: 'ledger.rpc', prefetch: 20 }], queues });
    app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    app.useGlobalFilters(new PassErrorsFilter());
    await app.listen();
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([broker.close(), caller.close()]);
  });
  beforeEach(() => {
    log.length = 0;
    waiting = gate();
  });

  const call = (method: string): Promise<unknown> => caller.call('ledger.rpc', method, { id: 1 }, { timeoutMs: 2_000 });

  it('answers calls by @MessagePattern, plain or as a stream', async () => {
    expect(await call('payments.read')).toEqual({ request: { id: 1 }, user: 'guest' });
    expect(await call('payments.list')).toEqual([1, 2]);
  });

  it('lets errors of handlers through to the caller as they are', async () => {
    await expect(call('payments.open')).rejects.toMatchObject({ code: 'payment.order_busy', detail: 'order 7' });
    await expect(call('payments.redo')).rejects.toBeInstanceOf(RemoteFault);
  });

  it('refuses methods nobody handles, and events as methods', async () => {
    await expect(call('payments.none')).rejects.toMatchObject({ code: 'message.unknown_type' });
    await expect(call('s.results')).rejects.toMatchObject({ code: 'message.unknown_type' });
  });

  it('hands messages to @EventPattern and does what the disposition says', async () => {
    for (const id of ['m-done', 'm-down', 'm-park']) await send(caller, 's.results', id);
    await eventually(() => expect(log).toEqual(expect.arrayContaining(['result m-done', 'result m-down', 'result m-park'])));
    await eventually(() => expect(log.filter((line) => line === 'result m-down')).toHaveLength(3));
    await eventually(() => expect(server.waiting('parked')?.map(({ properties }) => properties.messageId)).toContain('m-park'));
    expect(server.waiting('s.results')).toEqual([]);
  });

  it('parks what a handler answers without a disposition', async () => {
    await send(caller, 's.shapeless', 'm-shapeless');
    await eventually(() => expect(server.waiting('parked')?.map(({ properties }) => properties.messageId)).toContain('m-shapeless'));
  });

  it('follows queues at run time and leaves them only when their handler has ended', async () => {
    await broker.declare([], [singleActiveQueue('s.terminal')]);
    await strategy.follow('s.terminal', 'terminal', { prefetch: 1 });
    await strategy.follow('s.terminal', 'terminal', { prefetch: 1 });
    expect(strategy.following).toEqual(['s.terminal']);
    const other = collector();
    const standby = await caller.consume('s.terminal', { prefetch: 1 }, other.handle);
    await send(caller, 's.terminal', 'm-1', 1);
    await send(caller, 's.terminal', 'm-2', 2);
    await eventually(() => expect(log).toEqual(['begin 1']));
    const left = strategy.unfollow('s.terminal');
    await pause(50);
    expect([log, other.ids()]).toEqual([['begin 1'], []]);
    waiting.open();
    await left;
    await eventually(() => expect(other.ids()).toEqual(['m-2']));
    expect([log, strategy.following]).toEqual([['begin 1', 'end 1'], []]);
    await standby.cancel();
  });

  it('says which handler is missing', async () => {
    await expect(strategy.follow('s.results', 'nobody', { prefetch: 1 })).rejects.toThrow("no @EventPattern('nobody') handles s.results");
  });
});
