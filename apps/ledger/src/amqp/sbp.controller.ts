import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { qrRequest, sbpAccountRequest, sbpNotificationRequest, setSbpAccountRequest } from '@kkm/contracts';
import type { QrAnswer, SbpAccount, SbpNotificationAnswer, SbpSealingKey } from '@kkm/core';
import { AskForQr, HearNotification } from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import { SiteBanks } from '../sbp/site-banks';
import { checked } from './checked';
import { Trust } from './trust';

/** So many workers may wait for banks here at a time; a slow bank must leave room for everybody else's calls. */
const waitingMax = 50;
/** When a worker beyond those asks again. */
const retryAfterMs = 300;

/** Tells workers what to show. A worker may speak for its own site only. */
@Controller()
export class QrController {
  private waiting = 0;

  constructor(
    private readonly asking: AskForQr,
    private readonly trust: Trust,
  ) {}

  /** What to show for an attempt; the first to ask makes the ledger ask the bank. */
  @MessagePattern('worker.qr')
  async qr(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<QrAnswer> {
    const request = checked(qrRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    if (this.waiting >= waitingMax) return { kind: 'wait', retryAfterMs };
    this.waiting += 1;
    try {
      return await this.asking.execute(request);
    } finally {
      this.waiting -= 1;
    }
  }
}

/** Contracts with banks, and what banks say, as the gateway brings them. */
@Controller()
export class BanksController {
  constructor(
    private readonly banks: SiteBanks,
    private readonly hearing: HearNotification,
    private readonly trust: Trust,
  ) {}

  /** A bank's notification, signature unchecked. */
  @MessagePattern('sbp.notified')
  async notified(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<SbpNotificationAnswer> {
    this.trust.requireService(delivery);
    return this.hearing.execute(checked(sbpNotificationRequest, body));
  }

  /** The key that secrets are sealed to. */
  @MessagePattern('sbp.sealing-key')
  sealingKey(@Ctx() delivery: Delivery): SbpSealingKey {
    this.trust.requireService(delivery);
    return this.banks.sealingKey();
  }

  /** A site's contract, without its secret. */
  @MessagePattern('sbp.account')
  async account(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<SbpAccount | null> {
    this.trust.requireService(delivery);
    return this.banks.account(checked(sbpAccountRequest, body).siteId);
  }

  /** Sets a site's contract. */
  @MessagePattern('sbp.set-account')
  async setAccount(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<SbpAccount> {
    this.trust.requireService(delivery);
    return this.banks.setAccount(checked(setSbpAccountRequest, body));
  }
}
