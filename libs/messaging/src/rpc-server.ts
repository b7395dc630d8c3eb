import type { RpcReply } from '@kkm/contracts';
import { KnownError } from '@kkm/core';
import type { CallHandler } from './broker';
import type { Work } from './consumer';
import type { LastingChannel } from './lasting-channel';
import { encodeBody, sentAtHeader } from './publisher';
import type { Publisher } from './publisher';
import { readDelivery } from './read-delivery';
import { replyOf } from './rpc-errors';
import type { Surroundings } from './surroundings';
import type { WireDelivery } from './wire';

/** The largest answer, in bytes: a page of 1000 payments with their slips fits. */
export const answerBytesMax = 16_777_216;

/** Turns a handler of calls into the work on requests: answers each once and acknowledges it. A request that nobody can be answered is dropped. */
export function answerWith(
  handle: CallHandler,
  queue: string,
  parts: { readonly answers: LastingChannel; readonly publisher: Publisher; readonly around: Surroundings },
): Work {
  const { answers, publisher, around } = parts;
  return async (wire) => {
    const { replyTo, correlationId } = wire.properties;
    if (replyTo === undefined || correlationId === undefined) {
      around.log.warn({ queue, userId: wire.properties.userId }, 'A call without a way back was dropped.');
      return 'ack';
    }
    const content = encodeReply(await answered(wire));
    const properties = { ...publisher.stamp(), correlationId, contentType: 'application/json' };
    try {
      // Not mandatory: RabbitMQ drops an answer whose caller is gone.
      answers.open?.publish({ exchange: '', routingKey: replyTo, content, properties, persistent: false, mandatory: false });
    } catch (error) {
      around.log.debug({ err: error, queue }, 'An answer could not be sent; the caller runs into its deadline.');
    }
    return 'ack';
  };

  async function answered(wire: WireDelivery): Promise<RpcReply<unknown>> {
    const read = readDelivery(wire);
    const method = wire.properties.type;
    if (!read.ok || method === undefined) {
      return {
        ok: false,
        error: { kind: 'rejected', code: 'request.malformed', detail: read.ok ? 'a call names its method as the message type' : read.reason, members: {} },
      };
    }
    const { delivery } = read;
    const startedMs = around.clock.nowMs();
    const sentAt = delivery.headers[sentAtHeader];
    if (typeof sentAt === 'number') around.metrics.waited(queue, Math.max(0, startedMs - sentAt));
    try {
      const value = await around.tracing.continued(delivery.headers, `${queue} ${method}`, () => handle(method, delivery.body, delivery));
      return { ok: true, value };
    } catch (error) {
      if (!(error instanceof KnownError)) around.log.error({ err: error, queue, method }, 'A call failed.');
      return replyOf(error);
    } finally {
      around.metrics.handled(queue, around.clock.nowMs() - startedMs);
    }
  }

  function encodeReply(reply: RpcReply<unknown>): Buffer {
    try {
      return encodeBody(reply.ok ? { ok: true, value: reply.value ?? null } : reply, answerBytesMax);
    } catch (error) {
      around.log.error({ err: error, queue }, 'An answer cannot be written.');
      return encodeBody(replyOf(error));
    }
  }
}
