import type { Payment } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import { unplugged } from './answers';
import { victimOf } from './rounds';
import type { Way } from './rounds';
import { QrGuests } from './qr-guests';
import { expiresInSeconds, lookEveryMs, moving, restWithinMs } from './scene';
import type { Scene } from './scene';

/** A code that is shown for so long after a cashier asked for the card, and gave up, is not going to be taken off. */
const gaveUpMs = 3_000;

/** A terminal waits for a card for two seconds. */
const soonMs = 50;

/** Brings a scene's payments to the crash point, lets its process die there and does what follows on the death. */
export const ways: Readonly<Record<Way, (scene: Scene) => Promise<void>>> = {
  async pay(scene) {
    await scene.prepareTerminals();
    await crash(scene, () => scene.payAll());
  },

  async check(scene) {
    await scene.prepareTerminals();
    await crash(scene, () => scene.checkAll());
  },

  async message(scene) {
    await scene.prepareTerminals();
    await crash(scene, () => scene.payByMessage());
  },

  async redo(scene) {
    const { terminals } = scene.lane.kkm;
    await Promise.all(scene.sales.map(({ terminalId }) => terminals.behave(terminalId, { auto: 'decline', delayMs: 0 })));
    scene.payAll();
    const payments = await scene.until(({ status }) => status === 'declined');
    await scene.prepareTerminals();
    await crash(scene, () => scene.redoAll(payments));
  },

  async cancel(scene) {
    const payments = await work(scene);
    await crash(scene, () => scene.cancelAll(payments));
  },

  async switch(scene) {
    const payments = await work(scene);
    scene.guests = new QrGuests(scene);
    await crash(scene, () => scene.switchAll(payments, 'sbp_qr'));
  },

  async 'switch back'(scene) {
    const { guests, payments } = await atCodes(scene);
    await crash(scene, () => scene.switchAll(payments, 'card'));
    if (scene.round.redelivered) return;
    await pause(gaveUpMs);
    guests.payShown();
  },

  async leave(scene) {
    await atTerminals(scene);
    await crash(scene, () => scene.payAll());
  },

  async 'leave back'(scene) {
    const { guests } = await atCodes(scene);
    await crash(scene, () => guests.leaveCodes());
  },

  async end(scene) {
    await work(scene);
    await crash(scene, () => undefined);
  },

  async start(scene) {
    const { lane, worker, other } = scene;
    await Promise.all(lane.kkm.stack.workers.map((one) => one.stop('SIGKILL')));
    if (scene.round.point.startsWith('ledger.baseline')) await lane.books.forgetBaselines();
    await scene.prepareTerminals();
    scene.payAll();
    await scene.until(({ status }) => status === 'pending');
    await crash(scene, () => lane.start(worker));
    if (other && !scene.round.redelivered) await lane.revive(other);
    if (victimOf(scene.round.point) !== 'worker') await lane.revive(...lane.services);
  },

  async recover(scene) {
    const { lane, round, worker, other } = scene;
    await scene.prepareTerminals();
    lane.arm(worker, 'worker.sale:sent', scene.sales.length);
    const isWorkers = victimOf(round.point) === 'worker';
    const next = round.redelivered || !other ? worker : other;
    if (next === other && isWorkers) lane.arm(next, round.point, round.arrivals);
    scene.payAll();
    await lane.death(worker, scene.sales.length);
    if (!isWorkers) {
      await crash(scene, () => lane.start(worker));
      return;
    }
    if (next === worker) await scene.kill(worker, () => lane.start(worker));
    else scene.arrived = await lane.death(next, round.arrivals);
    await lane.revive(worker);
  },

  async abandon(scene) {
    const { lane, worker } = scene;
    await scene.prepareTerminals();
    lane.arm(worker, 'worker.sale:sent', scene.sales.length);
    scene.payAll();
    await lane.death(worker, scene.sales.length);
    await Promise.all(lane.kkm.stack.workers.map((one) => one.stop('SIGKILL')));
    await crash(scene, () => undefined);
    await lane.revive(...lane.services);
  },

  async expire(scene) {
    const { lane } = scene;
    const { gateway } = lane.kkm.stack;
    await scene.prepareTerminals();
    lane.arm(gateway, 'gateway.open:after', scene.sales.length);
    await crash(scene, async () => {
      scene.payAll(expiresInSeconds.abandoned);
      await lane.death(gateway, scene.sales.length);
      await lane.revive(gateway);
    });
  },
  async resolve(scene) {
    const payments = await doubt(scene);
    await crash(scene, () => scene.resolveAll(payments, (answer) => answer === 'charges and never answers'));
  },

  async contradict(scene) {
    const payments = await doubt(scene);
    scene.resolveAll(payments, () => false);
    await crash(scene, () => undefined); // When the terminal is heard again.
  },

  async scan(scene) {
    await atTerminals(scene);
    await crash(scene, () => scene.payAll());
  },

  async 'scan late'(scene) {
    const guests = await atTerminals(scene);
    scene.payAll();
    await guests.untilEnded();
    await crash(scene, () => guests.payLate());
  },

  async refund(scene) {
    const guests = await atTerminals(scene);
    scene.payAll();
    const payments = await guests.untilEnded();
    await crash(scene, () => scene.refundAll(payments));
  },

  async close(scene) {
    await scene.prepareTerminals();
    scene.payAll();
    const payments = await scene.until(({ status }) => !moving.includes(status), restWithinMs);
    await crash(scene, () => scene.closeAll(payments));
  },
};

/** Guests who wait in front of their terminals for a QR. */
async function atTerminals(scene: Scene): Promise<QrGuests> {
  await scene.prepareTerminals();
  return (scene.guests = new QrGuests(scene));
}

/** Guests who changed over from the card and stand before a QR. From now on their terminals answer a card as the round says. */
async function atCodes(scene: Scene): Promise<{ readonly guests: QrGuests; readonly payments: readonly Payment[] }> {
  const { kkm } = scene.lane;
  await Promise.all(scene.sales.map(({ terminalId }) => kkm.terminals.behave(terminalId, { auto: 'none' })));
  const guests = (scene.guests = new QrGuests(scene));
  scene.payAll();
  await Promise.all(scene.sales.map((_sale, index) => eventually(() => changeOver(scene, index), 10_000, soonMs)));
  await guests.untilShown();
  await scene.prepareTerminals();
  return { guests, payments: await scene.until(({ status }) => status === 'in_progress') };
}

/** Lets a payment go on by a QR, as soon as it is known. */
async function changeOver(scene: Scene, index: number): Promise<void> {
  const { status } = await scene.lane.kkm.switch((await scene.payments())[index]?.id ?? '', 'sbp_qr');
  if (status !== 200) throw new Error(`switch: ${status}`);
}

/** Payments in doubt whose terminals cannot be reached for a while. */
async function doubt(scene: Scene): Promise<readonly Payment[]> {
  await scene.prepareTerminals(unplugged);
  scene.payAll();
  return await scene.until(({ status }) => status === 'in_doubt');
}

/** The death of the round's process, and what follows on it. */
async function crash(scene: Scene, trigger: () => void | Promise<void>): Promise<void> {
  const { lane, round, worker, other } = scene;
  const victim = victimOf(round.point);
  const service = victim === 'worker' ? worker : lane.kkm.stack[victim];
  await scene.kill(service, trigger);
  if (victim !== 'worker') await scene.comeBack(service);
  else if (round.redelivered || !other) await lane.revive(worker);
}

/** Payments whose terminals are at work: those that show it. */
async function work(scene: Scene): Promise<readonly Payment[]> {
  const { terminals } = scene.lane.kkm;
  await scene.prepareTerminals();
  scene.payAll();
  const visible = scene.sales.filter(({ answer }) => answer !== 'never answers');
  await eventually(
    async () => {
      const screens = await Promise.all(visible.map(({ terminalId }) => terminals.screen(terminalId)));
      if (screens.some(({ state }) => state === 'idle')) throw new Error('A terminal has not begun.');
    },
    15_000,
    lookEveryMs,
  );
  await pause(20);
  return await scene.until(({ status }) => status !== 'pending');
}
