import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { doorText, writeUncertain } from '@kkm/contracts';
import type { WrittenAnswer } from '@kkm/contracts';
import type { Log } from '@kkm/messaging';
import { refusal } from './kkmserver-door';
import type { KkmServerReply } from './kkmserver-door';

/** Errors that the framework raises before a command is read, in the form of the API. Clients take any status but 200 for a lost connection, so few have one. */
@Catch()
export class KkmServerFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  /** Writes the answer, unless it has begun. */
  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<KkmServerReply>();
    const { status, body } = this.answerTo(statusOf(thrown), thrown);
    if (reply.sent || reply.raw.headersSent) return;
    // Fastify takes the type of the content away when it hands an error over.
    reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
  }

  private answerTo(status: number, thrown: unknown): { readonly status: number; readonly body: WrittenAnswer } {
    if (status === 404 || status === 405) return { status: 404, body: refusal('noSuchPath') };
    if (status === 413) return { status: 200, body: refusal('bodyTooLarge') };
    if (status >= 400 && status < 500) return { status: 200, body: refusal('requestBroken') };
    this.log.error({ err: thrown }, 'A request to the KkmServer door failed.');
    return { status: 503, body: writeUncertain({ name: '', idCommand: '', error: doorText('outcomeUnknown') }) };
  }
}

function statusOf(thrown: unknown): number {
  if (typeof thrown !== 'object' || thrown === null) return 500;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(Reflect.apply(thrown.getStatus, thrown, []));
  return 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
}
