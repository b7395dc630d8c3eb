import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Rejected } from '@kkm/core';
import type { SbpQrRow, SbpRefundRow } from '@kkm/drivers/terminals';
import { readAccount, readDeskBehaviour, readPay } from './desk-input';
import { formatDeskFault } from './desk-faults';
import { SbpDesk } from './sbp-desk';

/** The SBP bank from outside, for tests and for people: its books, guests who pay without a terminal, and what is to go wrong. */
@Controller('bank/sbp')
export class SbpBankController {
  constructor(@Inject(SbpDesk) private readonly desk: SbpDesk) {}

  /** Every QR, oldest first. */
  @Get('qrs')
  qrs(): { readonly qrs: readonly SbpQrRow[] } {
    return { qrs: this.desk.bank.qrs() };
  }

  /** Every refund, oldest first. */
  @Get('refunds')
  refunds(): { readonly refunds: readonly SbpRefundRow[] } {
    return { refunds: this.desk.bank.refunds.all() };
  }

  /** A guest pays; `late` although the QR is cancelled or expired; in two steps where something is to happen in between. 409 when the bank does not take it. */
  @Post('qrs/:qrId/pay')
  @HttpCode(200)
  pay(@Param('qrId') qrId: string, @Body() body: unknown): SbpQrRow {
    const { step, late } = readPay(body);
    const { bank } = this.desk;
    const paid = step === 'complete' ? bank.complete(qrId) : step === 'begin' ? bank.begin(qrId, { late }) : bank.pay(qrId, { late });
    if (paid.taken) return paid.qr;
    if (paid.why === 'unknown') throw new Rejected('request.not_found', { detail: `The bank knows no QR "${qrId}".` });
    throw new Rejected('terminal.not_waiting', { detail: `The bank does not take the payment: the QR is ${paid.why}.` });
  }

  /** Opens an account, or gives one another secret. */
  @Put('accounts/:merchantId')
  account(@Param('merchantId') merchantId: string, @Body() body: unknown): { readonly merchantId: string } {
    this.desk.open({ merchantId, ...readAccount(merchantId, body) });
    return { merchantId };
  }

  /** Replaces what is to go wrong. */
  @Put('behaviour')
  behaviour(@Body() body: unknown) {
    const { delayMs, faults, sticky } = readDeskBehaviour(body);
    this.desk.delayMs = delayMs;
    this.desk.faults.set(faults, sticky);
    return { delayMs, sticky, faults: this.desk.faults.left.map(formatDeskFault) };
  }
}
