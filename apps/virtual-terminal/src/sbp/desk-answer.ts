import type { SbpDesk } from './sbp-desk';

/** The part of Fastify's reply that the desk uses. */
export interface DeskReply {
  status(code: number): DeskReply;
  send(body: unknown): void;
  hijack(): DeskReply;
  readonly raw: { destroy(): void };
}

/** The bank says no, in its own words. */
export class DeskRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
  ) {
    super(code ?? `HTTP ${status}`);
  }
}

/** What was asked is done, and the line is cut before the answer. */
export const cutOff = Symbol('cut off');

/** Answers as the bank does: its own codes, and with the faults that concern every call. */
export async function deskAnswer(desk: SbpDesk, reply: DeskReply, work: () => object | typeof cutOff): Promise<void> {
  if (desk.isDown()) return cut(reply);
  if (desk.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, desk.delayMs));
  try {
    const body = work();
    if (body === cutOff) return cut(reply);
    reply.status(200).send(body);
  } catch (error) {
    if (!(error instanceof DeskRefusal)) throw error;
    reply.status(error.status).send(error.code === null ? {} : { code: error.code, message: 'The bank refused.' });
  }
}

function cut(reply: DeskReply): void {
  reply.hijack();
  reply.raw.destroy();
}
