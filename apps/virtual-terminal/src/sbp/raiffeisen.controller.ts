import { Body, Controller, Delete, Get, Header, Headers, Inject, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { formatMinor, Rejected } from '@kkm/core';
import type { SbpQrRow } from '@kkm/drivers/terminals';
import { cutOff, deskAnswer, DeskRefusal } from './desk-answer';
import type { DeskReply } from './desk-answer';
import { qrPicture } from './qr-picture';
import { readCallback, readRefund, readRegistration } from './raiffeisen-input';
import { SbpDesk } from './sbp-desk';

/** How long a QR is payable when nobody says until when: three days (sbp.yaml, "qrExpirationDate"). */
const usualLifeMs = 3 * 86_400_000;

/** The merchants' side of the fake SBP bank: the shapes of Raiffeisenbank's public interface (sbp.yaml, 2021), dynamic QRs only. */
@Controller('raiffeisen')
export class RaiffeisenController {
  constructor(@Inject(SbpDesk) private readonly desk: SbpDesk) {}

  /** Makes a payable QR; the interface asks for no authorisation here. */
  @Post('sbp/v1/qr/register')
  async register(@Body() body: unknown, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      const { faults, bank } = this.desk;
      const asked = readRegistration(body);
      if (!this.desk.has(asked.sbpMerchantId)) throw refused('MERCHANT_NOT_REGISTERED');
      if (faults.fires('create_refused')) throw refused('INVALID_REQUEST');
      const { sbpMerchantId: merchantId, order, amountMinor, additionalInfo } = asked;
      const made = bank.register({ merchantId, order, amountMinor, additionalInfo, expiresAtMs: asked.expiresAtMs ?? Date.now() + usualLifeMs });
      if (!made.done) throw refused(made.code);
      if (faults.fires('create_lost')) return cutOff;
      return { code: 'SUCCESS', ...named(made.value) };
    });
  }

  /** How a QR stands. */
  @Get('sbp/v2/qrs/:qrId')
  async status(@Param('qrId') qrId: string, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      const qr = this.asked(qrId, bearer);
      return { ...named(qr), qrStatus: qr.status, qrExpirationDate: new Date(qr.expiresAtMs).toISOString() };
    });
  }

  /** Cancels a QR that is not paid. */
  @Delete('sbp/v2/qrs/:qrId')
  async cancel(@Param('qrId') qrId: string, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      this.own(qrId, bearer);
      if (this.desk.faults.fires('cancel_ignored')) return {};
      const cancelled = this.desk.bank.cancel(qrId);
      if (!cancelled.done) throw refused(cancelled.code);
      return {};
    });
  }

  /** The old form of the status: what was told when the QR was made. */
  @Get('sbp/v1/qr/:qrId/info')
  async info(@Param('qrId') qrId: string, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => ({ code: 'SUCCESS', ...named(this.asked(qrId, bearer)) }));
  }

  /** The picture that `qrUrl` names. */
  @Get('qrs/:qrId.png')
  @Header('content-type', 'image/png')
  async picture(@Param('qrId') qrId: string): Promise<StreamableFile> {
    const qr = this.desk.bank.find(qrId);
    if (!qr) throw new Rejected('request.not_found', { detail: `The bank knows no QR "${qrId}".` });
    return new StreamableFile(await qrPicture(qr.payload));
  }

  /** What a payment by QR came to. */
  @Get('sbp/v1/qr/:qrId/payment-info')
  async payment(@Param('qrId') qrId: string, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => paymentInfo(this.asked(qrId, bearer)));
  }

  /** Gives money back, once per refund id. */
  @Post('sbp/v1/refund')
  async refund(@Body() body: unknown, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      const { merchantId } = this.merchant(bearer);
      const { faults, bank } = this.desk;
      const asked = readRefund(body);
      // Asked for again, a refund goes on as it began.
      const isNew = !bank.refunds.has(merchantId, asked.refundId);
      const slowAnswers = (isNew ? faults.take('refund_slow') : null) ?? 0;
      const made = bank.refund({ ...asked, merchantId, goes: isNew && faults.fires('refund_declined') ? 'DECLINED' : { slowAnswers } });
      if (!made.done) throw refused(made.code);
      if (faults.fires('refund_lost')) return cutOff;
      return { code: 'SUCCESS', amount: Number(formatMinor(made.value.amountMinor)), refundStatus: made.value.status };
    });
  }

  /** How a refund stands. */
  @Get('sbp/v1/refund/:refundId')
  async refundStatus(@Param('refundId') refundId: string, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      const { merchantId } = this.merchant(bearer);
      const found = this.desk.bank.refunds.status(merchantId, refundId);
      if (!found.done) throw refused(found.code);
      return { code: 'SUCCESS', amount: Number(formatMinor(found.value.amountMinor)), refundStatus: found.value.status };
    });
  }

  /** Where the merchant is notified from now on. */
  @Post('settings/v1/callback')
  async callback(@Body() body: unknown, @Headers('authorization') bearer: string | undefined, @Res() reply: DeskReply): Promise<void> {
    await this.answer(reply, () => {
      const { merchantId } = this.merchant(bearer);
      const { callbackUrl } = readCallback(body);
      this.desk.setCallback(merchantId, callbackUrl);
      return { callbackUrl };
    });
  }

  private answer(reply: DeskReply, work: () => object | typeof cutOff): Promise<void> {
    return deskAnswer(this.desk, reply, work);
  }

  private merchant(bearer: string | undefined) {
    const merchant = this.desk.merchantOf(bearer);
    if (!merchant) throw new DeskRefusal(401, 'ERROR.ACCOUNT_IS_NOT_REGISTERED');
    return merchant;
  }

  private own(qrId: string, bearer: string | undefined): SbpQrRow {
    const { merchantId } = this.merchant(bearer);
    const qr = this.desk.bank.find(qrId);
    if (qr?.merchantId !== merchantId) throw refused('NOT_FOUND');
    return qr;
  }

  /** A QR that is asked about. */
  private asked(qrId: string, bearer: string | undefined): SbpQrRow {
    const qr = this.own(qrId, bearer);
    if (this.desk.faults.fires('status_unavailable')) throw new DeskRefusal(503, null);
    return qr;
  }
}

function named({ qrId, payload }: SbpQrRow): object {
  return { qrId, payload, qrUrl: `/raiffeisen/qrs/${qrId}.png` };
}

function paymentInfo(qr: SbpQrRow): object {
  const statuses = { PAID: 'SUCCESS', IN_PROGRESS: 'IN_PROGRESS', NEW: 'NO_INFO', EXPIRED: 'NO_INFO', CANCELLED: 'NO_INFO' } as const;
  const paid = qr.paidAtMs === null ? {} : { transactionId: qr.transactionId, transactionDate: new Date(qr.paidAtMs).toISOString() };
  return {
    code: 'SUCCESS',
    amount: Number(formatMinor(qr.amountMinor)),
    currency: 'RUB',
    createDate: new Date(qr.createdAtMs).toISOString(),
    merchantId: 1,
    sbpMerchantId: qr.merchantId,
    order: qr.order,
    qrId: qr.qrId,
    paymentStatus: statuses[qr.status],
    qrExpirationDate: new Date(qr.expiresAtMs).toISOString(),
    additionalInfo: qr.additionalInfo ?? '',
    ...paid,
  };
}

function refused(code: string): DeskRefusal {
  return new DeskRefusal(code.endsWith('NOT_FOUND') ? 404 : 400, `ERROR.${code}`);
}
