import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Put, Res } from '@nestjs/common';
import { FakeRegister, lineCut, parseRegisterFault } from '@kkm/drivers/terminals';
import type { Receipt, RegisterFault } from '@kkm/drivers/terminals';
import { z } from 'zod';
import { checked } from '../control-input';

/** The part of Fastify's reply that the register uses. */
interface RegisterReply {
  status(code: number): RegisterReply;
  send(body: unknown): void;
  hijack(): RegisterReply;
  readonly raw: { destroy(): void };
}

const fault = z
  .string()
  .max(64)
  .transform((text, context): RegisterFault => {
    const read = parseRegisterFault(text);
    if (typeof read !== 'string') return read;
    context.addIssue({ code: 'custom', message: read });
    return z.NEVER;
  });

const behaviour = z.strictObject({ faults: z.array(fault).max(20).default([]), password: z.string().max(200).nullable().default(null) });
const command = z.record(z.string(), z.unknown());

/** A KkmServer-compatible fiscal register for tests and demonstrations: its API, its own book of receipts, and what is to go wrong. */
@Controller('kkmserver')
export class RegisterController {
  constructor(@Inject(FakeRegister) private readonly register: FakeRegister) {}

  /** Takes a command as KkmServer does. */
  @Post('Execute')
  async execute(@Body() body: unknown, @Headers('authorization') authorization: string | undefined, @Res() reply: RegisterReply): Promise<void> {
    const { password } = this.register;
    if (password !== null && authorization !== `Basic ${Buffer.from(`User:${password}`).toString('base64')}`) return reply.status(401).send('');
    const answer = await this.register.execute(checked(command, body));
    if (answer !== lineCut) return reply.status(200).send(answer);
    reply.hijack();
    reply.raw.destroy();
  }

  /** Every receipt that came out, oldest first. */
  @Get('receipts')
  receipts(): { readonly receipts: readonly Receipt[] } {
    return { receipts: this.register.receipts() };
  }

  /** Replaces what is to go wrong, and the password of the user `User`. */
  @Put('behaviour')
  @HttpCode(204)
  behaviour(@Body() body: unknown): void {
    const { faults, password } = checked(behaviour, body);
    this.register.faults.set(faults);
    this.register.password = password;
  }
}
