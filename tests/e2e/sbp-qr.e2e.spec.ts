import { createHmac } from 'node:crypto';
import type { Payment } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';
import { sendJson } from './harness/http-answer';
import type { TestKkm } from './harness/test-kkm';

/** What the bank's books hold of an amount that no other payment of the suite has. */
async function booked(kkm: TestKkm, amount: number): Promise<readonly string[]> {
  return (await kkm.terminals.books()).filter((entry) => entry.amount === amount).map(({ kind }) => kind);
}

describeKkm('an SBP QR, the bank notifying', { suite: 'sbp-notified', terminals: 2 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));

  it('is shown on the terminal as any reader of QRs can read it, paid by the guest, and ends within a second', async () => {
    const { status, body } = await kkm().payBySbp({ amount: 10_100 });
    expect(status).toBe(201);
    const payload = await kkm().untilShowsQr(body.id);
    expect(payload).toMatch(/^https:\/\/qr\.nspk\.ru\//);
    expect(await kkm().terminals.scannedPicture('pax-1')).toBe(payload);
    const shown = await kkm().read(body.id);
    expect(shown).toMatchObject({ status: 'in_progress', attempts: [{ method: 'sbp_qr', qr: { payload }, status: 'granted' }] });
    expect(new Date(shown.attempts[0]?.qr?.expiresAt ?? 0).getTime()).toBeGreaterThan(Date.now() + 100_000);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    const payment = await kkm().until(body.id, 'succeeded', 1_500);
    expect(payment).toMatchObject({ chargedAmount: 10_100, redoable: false, attempts: [{ status: 'approved', card: null }] });
    expect(await booked(kkm(), 10_100)).toEqual(['sale']);
    expect(await kkm().found({ rrn: String(payment.attempts[0]?.rrn) })).toEqual([payment.id]);
    await eventually(() => expect(kkm().events.namesOf(body.id)).toEqual(['accepted', 'started', 'succeeded']));
    await eventually(async () => expect((await kkm().terminals.screen('pax-1')).state).not.toBe('qr'), 10_000);
  });

  it('lets the terminal take the next guest as soon as it has ended', async () => {
    const first = await kkm().payBySbp({ amount: 10_200 });
    const payload = await kkm().untilShowsQr(first.body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await kkm().until(first.body.id, 'succeeded');
    const second = await kkm().payBySbp({ amount: 10_300 });
    expect(await kkm().untilShowsQr(second.body.id)).not.toBe(payload);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await kkm().until(second.body.id, 'succeeded');
  });

  it('is not moved by a forged notification', async () => {
    const { body } = await kkm().payBySbp({ amount: 10_400 });
    const payload = await kkm().untilShowsQr(body.id);
    const before = await kkm().read(body.id);
    const [attempt] = before.attempts;
    const forged = {
      transactionId: 123_456_789,
      qrId: /AD\w+/.exec(payload)?.[0] ?? 'AD1',
      sbpMerchantId: 'MA0000000001',
      merchantId: 1,
      amount: 104,
      currency: 'RUB',
      transactionDate: '2026-01-01T10:00:00.000000+03:00',
      paymentStatus: 'SUCCESS',
      additionalInfo: '',
      order: attempt?.id,
      createDate: '2026-01-01T10:00:00.000000+03:00',
    };
    const signed = [forged.amount, forged.sbpMerchantId, forged.order, forged.paymentStatus, forged.transactionDate].join('|');
    const url = `${kkm().stack.gateway.url}/v1/sbp-notifications/raiffeisen/${kkm().stack.siteId}`;
    for (const signature of ['', 'ff', createHmac('sha256', 'another secret').update(signed).digest('hex')]) {
      const answer = await sendJson<{ code: string }>('POST', url, { body: forged, headers: { 'x-api-signature-sha256': signature } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'sbp.signature_invalid' } });
    }
    expect(await kkm().read(body.id)).toEqual(before);
    await kkm().cancel(body.id);
    await kkm().until(body.id, 'cancelled');
  });

  it('is given back by itself when it is paid after its end, at a site that wants it so, once', async () => {
    const setting = (lateApproval: 'keep' | 'void') => kkm().call('PATCH', `/v1/sites/${kkm().stack.siteId}`, { body: { lateApproval } });
    await setting('void');
    const { body } = await kkm().payBySbp({ amount: 10_500 });
    const payload = await kkm().untilShowsQr(body.id);
    await kkm().cancel(body.id);
    await kkm().until(body.id, 'cancelled');
    await kkm().terminals.payLate(payload);
    const payment = await kkm().until(body.id, 'succeeded', 30_000);
    expect(payment.surfaced).toMatchObject([{ amount: 10_500 }]);
    await eventually(async () => {
      expect(await kkm().read(body.id)).toMatchObject({ status: 'succeeded', chargedAmount: 10_500, refundedAmount: 10_500, redoable: false });
    }, 30_000);
    expect(await booked(kkm(), 10_500)).toEqual(['sale', 'refund']);
    await setting('keep');
    await pause(3_000);
    expect(await booked(kkm(), 10_500)).toEqual(['sale', 'refund']);
  });
});

describeKkm('a QR whose payment arrives behind its end', { suite: 'sbp-behind-the-end', terminals: 1 }, (kkm) => {
  /** A guest confirms in the bank's app, the cashier cancels, and the money arrives a second after the code is off the screen. */
  async function paidBehindTheEnd(amount: number, lateApproval: 'keep' | 'void'): Promise<string> {
    expect(await kkm().call('PATCH', `/v1/sites/${kkm().stack.siteId}`, { body: { lateApproval } })).toMatchObject({ status: 200 });
    await kkm().terminals.behave('pax-1', { auto: 'none', faults: ['qr_paid_after_expiry(1000)'] });
    const { body } = await kkm().payBySbp({ amount });
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await kkm().cancel(body.id);
    await eventually(async () => expect((await booked(kkm(), amount))[0]).toBe('sale'), 20_000);
    await eventually(async () => expect((await kkm().read(body.id)).surfaced).toMatchObject([{ amount }]), 45_000);
    return body.id;
  }

  it('is kept at a site that keeps late money', async () => {
    const id = await paidBehindTheEnd(11_100, 'keep');
    expect(await kkm().until(id, 'succeeded')).toMatchObject({ chargedAmount: 11_100, refundedAmount: 0, redoable: false });
    expect(await booked(kkm(), 11_100)).toEqual(['sale']);
  });

  it('is given back, once, at a site that does not', async () => {
    const id = await paidBehindTheEnd(11_200, 'void');
    await eventually(async () => {
      expect(await kkm().read(id)).toMatchObject({ status: 'succeeded', chargedAmount: 11_200, refundedAmount: 11_200, redoable: false });
    }, 30_000);
    await pause(3_000);
    expect(await booked(kkm(), 11_200)).toEqual(['sale', 'refund']);
  });
});

describeKkm('an SBP QR, KKM polling', { suite: 'sbp-polled', terminals: 2, sbpNotifications: false }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));
  afterEach(() => kkm().bankLink.set({ kind: 'none' }));

  it('is paid and found so by asking', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_100 });
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    expect(await kkm().until(body.id, 'succeeded', 4_000)).toMatchObject({ chargedAmount: 20_100 });
  });

  it('is cancelled at the bank before the payment is, when the cashier cancels', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_200 });
    await kkm().untilShowsQr(body.id);
    expect((await kkm().cancel(body.id)).status).toBe(200);
    const payment = await kkm().until(body.id, 'cancelled');
    expect(payment).toMatchObject({
      chargedAmount: 0,
      redoable: true,
      cancelRequested: 'done',
      attempts: [{ status: 'cancelled', reason: 'cashier_cancelled' }],
    });
    await eventually(async () => expect((await kkm().terminals.screen('pax-1')).state).not.toBe('qr'), 5_000);
    expect(await booked(kkm(), 20_200)).toEqual([]);
  });

  it('is cancelled when the guest presses the red button', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_300 });
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'cancel' });
    expect(await kkm().until(body.id, 'cancelled')).toMatchObject({ redoable: true, attempts: [{ reason: 'customer_cancelled' }] });
  });

  it('expires when the window of the terminal’s profile ends, and is redone by card on the same bill', async () => {
    const path = `/v1/terminals/pax-2?siteId=${kkm().stack.siteId}`;
    const profile = { sbp: { by: 'bank_qr', windowSeconds: 30 } };
    expect((await kkm().call('PATCH', path, { body: { profile } })).status).toBe(200);
    await kkm().terminals.behave('pax-2', { auto: 'none' });
    const { body } = await kkm().payBySbp({ amount: 20_400, terminalId: 'pax-2' });
    await kkm().untilShowsQr(body.id, 'pax-2');
    expect(await kkm().redo(body.id, { method: 'card' })).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
    expect(await kkm().until(body.id, 'cancelled', 50_000)).toMatchObject({ redoable: true, attempts: [{ status: 'cancelled', reason: 'qr_expired' }] });
    await kkm().terminals.behave('pax-2', {});
    expect((await kkm().redo(body.id, { method: 'card' })).status).toBe(200);
    const payment = await kkm().until(body.id, 'succeeded');
    expect(payment.attempts.map(({ method, status }) => `${method} ${status}`)).toEqual(['sbp_qr cancelled', 'card approved']);
    expect(await booked(kkm(), 20_400)).toEqual(['sale']);
  });

  it('is charged when the guest paid just before the cancel, and the cancel came too late', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_500 });
    await kkm().untilShowsQr(body.id);
    kkm().bankLink.set({ kind: 'refused' }); // KKM cannot hear of it before the cashier cancels.
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await eventually(async () => expect(await booked(kkm(), 20_500)).toEqual(['sale']));
    expect((await kkm().cancel(body.id)).body).toMatchObject({ cancelRequested: 'pending' });
    kkm().bankLink.set({ kind: 'none' });
    expect(await kkm().until(body.id, 'succeeded', 20_000)).toMatchObject({ chargedAmount: 20_500, refundedAmount: 0, cancelRequested: 'too_late' });
  });

  it('is in doubt while the bank cannot confirm that it is dead, and nothing is redone until then', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_600 });
    await kkm().untilShowsQr(body.id);
    kkm().bankLink.set({ kind: 'refused' });
    await kkm().cancel(body.id);
    await kkm().until(body.id, 'in_doubt', 30_000);
    const refused = await kkm().redo(body.id, { method: 'card' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // The terminal is free for the next guest meanwhile (design-money, clause 4).
    await kkm().terminals.behave('pax-1', {});
    expect((await kkm().pay({ amount: 20_601 }, { prefer: 'wait=20' })).body.status).toBe('succeeded');
    kkm().bankLink.set({ kind: 'none' });
    expect(await kkm().until(body.id, 'cancelled', 30_000)).toMatchObject({ chargedAmount: 0, redoable: true });
  });

  it('is kept when it is paid after its end: the payment turns out charged, once', async () => {
    const { body } = await kkm().payBySbp({ amount: 20_700 });
    const payload = await kkm().untilShowsQr(body.id);
    await kkm().cancel(body.id);
    await kkm().until(body.id, 'cancelled');
    await kkm().terminals.payLate(payload);
    const payment = await kkm().until(body.id, 'succeeded', 45_000); // The first look at a dead QR comes after ten seconds.
    expect(payment).toMatchObject({ chargedAmount: 20_700, refundedAmount: 0, redoable: false, surfaced: [{ amount: 20_700 }] });
    expect(await booked(kkm(), 20_700)).toEqual(['sale']);
  });

  it('fails, without a QR, while the bank cannot be reached, and can be redone by card', async () => {
    kkm().bankLink.set({ kind: 'refused' });
    const { body } = await kkm().payBySbp({ amount: 20_800 }, { prefer: 'wait=30' });
    expect(body).toMatchObject({ status: 'failed', chargedAmount: 0, redoable: true });
    kkm().bankLink.set({ kind: 'none' });
    await kkm().terminals.behave('pax-1', {});
    await kkm().redo(body.id, { method: 'card' });
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 20_800 });
  });
});

describeKkm('a terminal that runs SBP itself, and one that takes none', { suite: 'sbp-of-the-terminal', terminals: 2 }, (kkm) => {
  const set = async (terminalId: string, sbp: object): Promise<void> => {
    const answer = await kkm().call('PATCH', `/v1/terminals/${terminalId}?siteId=${kkm().stack.siteId}`, { body: { profile: { sbp } } });
    expect(answer.status).toBe(200);
  };

  it('charges by SBP within a sale, and says so in the attempt', async () => {
    await set('pax-1', { by: 'terminal', operation: '35' }); // The virtual terminal's code.
    const { body } = await eventually(async () => {
      const answer = await kkm().payBySbp({ amount: 30_100 }, { prefer: 'wait=20' });
      expect(answer.body.status).toBe('succeeded');
      return answer;
    }, 40_000);
    expect(body).toMatchObject({ chargedAmount: 30_100, attempts: [{ operation: 'sale', method: 'sbp_qr', status: 'approved', qr: null }] });
  });

  it('is refused before anything is opened where the terminal takes none', async () => {
    await set('pax-2', { by: 'none' });
    const before = (await kkm().payments()).length;
    expect(await kkm().payBySbp({ terminalId: 'pax-2' })).toMatchObject({ status: 422, body: { code: 'sbp.not_offered' } });
    expect((await kkm().payments()).length).toBe(before);
    const card = await kkm().pay({ terminalId: 'pax-2', method: 'card_or_sbp_qr' }, { prefer: 'wait=20' });
    expect(card.body).toMatchObject({ status: 'succeeded' } satisfies Partial<Payment>);
  });
});
