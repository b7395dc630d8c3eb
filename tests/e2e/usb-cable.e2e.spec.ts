import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptRequest, Payment } from '@kkm/core';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

const folder = mkdtempSync('/dev/shm/kkm-e2e-');
const path = join(folder, 'usb-1');
const terminalId = 'usb-1';
const cables = (service: string): Readonly<Record<string, string>> =>
  service === 'virtual-terminal' ? { KKM_VT_TERMINALS: `pax-1:0,${terminalId}:${path}` } : {};

describeWith(['socat'], 'over a serial cable', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describeKkm('a card payment', { suite: 'usb-cable', terminals: 1, environmentOf: cables }, (kkm) => {
    let amount = 20_000;
    /** Opens a payment of an amount that no other has. */
    const begin = async (): Promise<{ id: string; amount: number }> => {
      amount += 100;
      const { status, body } = await kkm().pay({ terminalId, amount });
      expect(status).toBe(201);
      return { id: body.id, amount };
    };
    const chargedAtBank = async (asked: number): Promise<number> =>
      (await kkm().terminals.books()).filter((entry) => entry.kind === 'sale' && entry.amount === asked).length;
    const pull = (): Promise<void> => kkm().terminals.attend(terminalId, 'pull_cable');
    const plug = (): Promise<void> => kkm().terminals.attend(terminalId, 'plug_in');
    /** Waits until a link test over the cable ends so: that a cable was touched is noticed by who reads from it. */
    const linkBecomes = (state: KeptRequest['state']): Promise<void> =>
      eventually(async () => {
        const { body } = await kkm().call<KeptRequest>('POST', `/v1/terminals/${terminalId}/link-test`, { body: {}, headers: { prefer: 'wait=30' } });
        expect(body.state).toBe(state);
      }, 60_000);
    const begunWithoutGuest = async (): Promise<{ id: string; amount: number }> => {
      await kkm().terminals.behave(terminalId, { auto: 'none' });
      const payment = await begin();
      await kkm().untilAsksForCard(terminalId, 30_000);
      return payment;
    };
    const salesOf = ({ attempts }: Payment): readonly string[] => attempts.filter(({ operation }) => operation === 'sale').map(({ status }) => status);

    beforeAll(async () => {
      const transport = { kind: 'serial', path };
      const body = { id: terminalId, siteId: kkm().stack.siteId, name: 'USB', driver: 'inpas-sa', transport };
      expect((await kkm().call('POST', '/v1/terminals', { body })).status).toBe(201);
    });
    beforeEach(async () => {
      await kkm().terminals.behave(terminalId, {});
      await linkBecomes('done');
    }, 90_000);

    it('is approved', async () => {
      const payment = await begin();
      expect(await kkm().until(payment.id, 'succeeded', 30_000)).toMatchObject({ chargedAmount: payment.amount });
      expect(await chargedAtBank(payment.amount)).toBe(1);
    });

    it('whose cable is out while the guest pays is found when it is put in again', async () => {
      const payment = await begunWithoutGuest();
      await pull();
      await kkm().until(payment.id, 'in_doubt');
      await kkm().terminals.guest(terminalId, { action: 'tap' });
      expect(await kkm().redo(payment.id)).toMatchObject({ status: 409 });
      await plug();
      expect(await kkm().until(payment.id, 'succeeded', 60_000)).toMatchObject({ chargedAmount: payment.amount, attempts: [{ status: 'approved' }] });
      expect(await chargedAtBank(payment.amount)).toBe(1);
    });

    it('whose guest leaves while the cable is out is proved uncharged, and can be redone', async () => {
      const payment = await begunWithoutGuest();
      await pull();
      await kkm().terminals.guest(terminalId, { action: 'walk_away' });
      await plug();
      await kkm().until(payment.id, ['failed', 'cancelled'], 100_000);
      expect(await chargedAtBank(payment.amount)).toBe(0);
      await kkm().terminals.behave(terminalId, {});
      expect((await kkm().redo(payment.id)).status).toBe(200);
      expect(salesOf(await kkm().until(payment.id, 'succeeded', 30_000))).toHaveLength(2);
      expect(await chargedAtBank(payment.amount)).toBe(1);
    }, 180_000);

    it('asked for while the cable is out fails without a permit', async () => {
      await pull();
      await linkBecomes('failed');
      const payment = await begin();
      expect(await kkm().until(payment.id, 'failed', 60_000)).toMatchObject({ attempts: [{ reason: 'terminal_unreachable', grantedAt: null }] });
      await plug();
      expect(await chargedAtBank(payment.amount)).toBe(0);
    });

    it('whose worker is killed is not charged twice, although the terminal owes its result to whoever opens the port next', async () => {
      const payment = await begunWithoutGuest();
      const [worker] = kkm().stack.workers;
      await worker?.stop('SIGKILL');
      await kkm().terminals.guest(terminalId, { action: 'tap' });
      worker?.start();
      expect(await kkm().until(payment.id, 'succeeded', 90_000)).toMatchObject({ chargedAmount: payment.amount, attempts: [{ status: 'approved' }] });
      expect(await chargedAtBank(payment.amount)).toBe(1);
    }, 120_000);

    it.each([0, 40, 120, 350, 700])('whose cable is pulled %i ms after the card, and put in at once, is charged once', async (ms) => {
      const payment = await begunWithoutGuest();
      await kkm().terminals.guest(terminalId, { action: 'tap' });
      await pause(ms);
      await pull();
      await plug();
      expect(await kkm().until(payment.id, 'succeeded', 60_000)).toMatchObject({ chargedAmount: payment.amount });
      expect(await chargedAtBank(payment.amount)).toBe(1);
    });

    it('whose cable is pulled around the sale itself is charged once or proved uncharged', async () => {
      for (const ms of [0, 30, 90, 200]) {
        await kkm().terminals.behave(terminalId, { delayMs: 100 });
        const payment = await begin();
        await pause(ms);
        await pull();
        await pause(200);
        await plug();
        const { status } = await kkm().until(payment.id, ['succeeded', 'failed'], 100_000);
        expect(await chargedAtBank(payment.amount)).toBe(status === 'succeeded' ? 1 : 0);
      }
    }, 300_000);
  });
});
