import type { Certification } from '@kkm/contracts';
import type { ParkedSummary } from '@kkm/core';
import { eventually, ScriptedReceiver } from '@kkm/testkit';
import type { TestKkm } from '../../e2e/harness/test-kkm';

/** What a visit of a page needs to have happened at the café. */
export interface Evening {
  readonly paidId: string;
  readonly declinedId: string;
  readonly profileId: string;
  readonly certificationId: string;
  readonly webhookId: string;
  readonly parkedId: string;
}

const wait = { prefer: 'wait=20' };

/** An evening at a café: a new terminal is certified, guests pay by card and QR, and iCafeCloud hears of it. */
export async function playEvening(kkm: TestKkm): Promise<Evening> {
  const profileId = await enterProfile(kkm);
  const certificationId = await startCertification(kkm);
  const receiver = await ScriptedReceiver.start();
  try {
    const webhookId = await made(kkm, '/v1/webhook-endpoints', { name: 'iCafeCloud', url: `${receiver.url}/kkm`, siteId: kkm.stack.siteId });
    const payments = await takePayments(kkm);
    await untilCertified(kkm, certificationId);
    await untilDelivered(kkm, webhookId);
    return { ...payments, profileId, certificationId, webhookId, parkedId: await parkCancel(kkm) };
  } finally {
    await receiver.stop();
  }
}

/** Card and QR, a decline, money given back, cards that are not read at once. */
async function takePayments(kkm: TestKkm): Promise<Pick<Evening, 'paidId' | 'declinedId'>> {
  const behave = (behaviour: Parameters<TestKkm['terminals']['behave']>[1]) => kkm.terminals.behave('pax-1', behaviour);
  await behave({});
  const paid = await kkm.pay({ orderId: 'ic-100045', metadata: { memberId: '42', place: 'PC-07' } }, wait);
  await kkm.payBySbp({ orderId: 'ic-100046', amount: 32_000 }, wait);
  const returned = await kkm.pay({ orderId: 'ic-100047', amount: 9_900 }, wait);
  await kkm.refund(returned.body.id, {}, wait);
  await behave({ auto: 'decline' });
  const declined = await kkm.pay({ orderId: 'ic-100048', amount: 45_000 }, wait);
  await behave({ faults: ['read_failures(2)'] });
  await kkm.pay({ orderId: 'ic-100049', amount: 12_500 }, wait);
  await kkm.call('POST', `/v1/terminals/pax-1/link-test?siteId=${kkm.stack.siteId}`, { headers: wait });
  return { paidId: paid.body.id, declinedId: declined.body.id };
}

async function enterProfile(kkm: TestKkm): Promise<string> {
  const body = { id: 'main-bank', siteId: kkm.stack.siteId, name: 'Main bank', driver: 'inpas-sa', values: {} };
  await made(kkm, '/v1/terminal-profiles', body);
  return body.id;
}

function startCertification(kkm: TestKkm): Promise<string> {
  return made(kkm, '/v1/terminals/pax-2/certifications', { payments: 3, link: 'lan' });
}

async function untilCertified(kkm: TestKkm, id: string): Promise<void> {
  await eventually(async () => {
    const { body } = await kkm.call<Certification>('GET', `/v1/terminals/pax-2/certifications/${id}`);
    expect(body.state).toBe('done');
  }, 30_000);
}

async function untilDelivered(kkm: TestKkm, id: string): Promise<void> {
  await eventually(async () => {
    const { body } = await kkm.call<{ waiting: number; lastDeliveredAt: string | null }>('GET', `/v1/webhook-endpoints/${id}`);
    expect(body).toMatchObject({ waiting: 0, lastDeliveredAt: expect.any(String) as string });
  }, 15_000);
}

/** Somebody asks by message to cancel a payment that does not exist. */
async function parkCancel(kkm: TestKkm): Promise<string> {
  await kkm.events.request(kkm.stack.siteId, 'cancel', { id: 'ic-cancel-1', data: { paymentId: 'pay_of_another_club' } });
  return untilParked(kkm, 'ic-cancel-1');
}

/** The id of the parked message that came as another. */
export function untilParked(kkm: TestKkm, messageId: string): Promise<string> {
  return eventually(async () => {
    const { body } = await kkm.call<{ parkedMessages: ParkedSummary[] }>('GET', '/v1/parked-messages?state=parked');
    const parked = body.parkedMessages.find((one) => one.messageId === messageId);
    if (!parked) throw new Error(`${messageId} is not parked`);
    return parked.id;
  }, 15_000);
}

/** Makes an entry and gives its id. */
async function made(kkm: TestKkm, path: string, body: object): Promise<string> {
  const answer = await kkm.call<{ id: string }>('POST', path, { body });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}
