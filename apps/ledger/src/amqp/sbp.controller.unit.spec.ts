import { Rejected } from '@kkm/core';
import type { QrAnswer } from '@kkm/core';
import type { AskForQr, HearNotification } from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import type { SiteBanks } from '../sbp/site-banks';
import { BanksController, QrController } from './sbp.controller';
import { Trust } from './trust';

const from = (userId: string): Delivery => ({ body: null, messageId: null, type: null, routingKey: '', headers: {}, userId, redelivered: false });
const request = { workerId: 'worker_1', siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att_1', nonce: 'nonce_1', display: 'none' };
const ended: QrAnswer = { kind: 'ended', status: 'approved', reason: null };

describe('calls about QRs', () => {
  it('are for the site’s own workers', async () => {
    const controller = new QrController({ execute: () => Promise.resolve(ended) } as unknown as AskForQr, new Trust('kkm'));
    expect(await controller.qr(request, from('site-club-1'))).toEqual(ended);
    await expect(controller.qr(request, from('site-club-2'))).rejects.toThrow(Rejected);
  });

  it('leave room for others while many wait for a bank, and have it again when those are answered', async () => {
    const answer: ((answer: QrAnswer) => void)[] = [];
    const execute = (): Promise<QrAnswer> => new Promise((resolve) => answer.push(resolve));
    const controller = new QrController({ execute } as unknown as AskForQr, new Trust('kkm'));
    const waiting = Array.from({ length: 50 }, () => controller.qr(request, from('kkm')));
    expect(await controller.qr(request, from('kkm'))).toEqual({ kind: 'wait', retryAfterMs: 300 });
    for (const give of answer.splice(0)) give(ended);
    await Promise.all(waiting);
    const next = controller.qr(request, from('kkm'));
    answer[0]?.(ended);
    expect(await next).toEqual(ended);
  });
});

describe('calls about banks', () => {
  it('are for KKM’s own services alone', async () => {
    const answers = { sealingKey: () => ({ publicKey: 'k' }), account: () => Promise.resolve(null), setAccount: () => Promise.resolve(null) };
    const controller = new BanksController(
      answers as unknown as SiteBanks,
      { execute: () => Promise.resolve(null) } as unknown as HearNotification,
      new Trust('kkm'),
    );
    const calls = (userId: string) => [
      async () => controller.sealingKey(from(userId)),
      () => controller.account({ siteId: 'club-1' }, from(userId)),
      () => controller.setAccount({ siteId: 'club-1', bank: 'tkassa', baseUrl: 'https://bank', merchantId: '1', sealedSecret: null, by: 'key' }, from(userId)),
      () => controller.notified({ bank: 'tkassa', siteId: 'club-1', headers: {}, body: '{}' }, from(userId)),
    ];
    for (const call of calls('site-club-1')) await expect(call()).rejects.toMatchObject({ code: 'auth.forbidden' });
    for (const call of calls('kkm')) await call();
  });
});
