// How iCafeCloud talks to KKM: asks for one payment by message and one by HTTP, and believes nothing but signed webhooks about how they ended.
//
//   npm install amqplib standardwebhooks
//   node client.mjs path/to/endpoints.json       (./kkm up writes .kkm/endpoints.json)
//
// Exit code 0: both payments ended, each told by a webhook whose signature was verified.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import amqplib from 'amqplib';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { api, apiKey, amqp, siteId, registerId } = JSON.parse(readFileSync(process.argv[2] ?? '.kkm/endpoints.json', 'utf8'));
const patienceMs = 120_000;

/** Bills that wait for their end, by order id. In a real system this is a table, and so is `seen`. */
const bills = new Map();
const seen = new Set();

/** What KKM is asked to charge: whole kopecks, and an order id that names the bill for ever. */
function paymentOf(orderId, amount) {
  bills.set(orderId, { sequence: 0, status: 'asked', chargedAmount: 0 });
  return { siteId, registerId, orderId, amount, currency: 'RUB', method: 'card' };
}

/** By message: a CloudEvent on `kkm.ingress`. The broker's confirmation says it is safe; the same `id` sent again opens no second payment. */
async function askByMessage(payment) {
  const connection = await amqplib.connect(amqp);
  const channel = await connection.createConfirmChannel();
  let nobody = false;
  channel.on('return', () => (nobody = true));
  const id = randomUUID();
  const event = {
    specversion: '1.0',
    id,
    source: '/icafecloud',
    type: 'icafecloud.payment.requested.v1',
    datacontenttype: 'application/json',
    data: payment,
  };
  channel.publish('kkm.ingress', `${siteId}.payment.requested`, Buffer.from(JSON.stringify(event)), {
    contentType: 'application/cloudevents+json',
    messageId: id,
    persistent: true,
    mandatory: true,
  });
  await channel.waitForConfirms();
  await connection.close();
  if (nobody) throw new Error(`No queue takes requests of the site ${siteId}: KKM was not started on this broker yet.`);
}

/** By HTTP: the idempotency key makes a repeat harmless, so an answer that was lost is asked for again with the same key. */
async function askByHttp(payment) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call('POST', '/v1/payments', payment, { 'idempotency-key': `"${payment.orderId}"` });
    } catch (error) {
      if (tries === 5 || error.status < 500) throw error;
      await new Promise((resume) => setTimeout(resume, 500 * 2 ** tries));
    }
  }
}

/** One call of the API. Throws what the answer's `code` says; `status` is undefined where no answer came. */
async function call(method, path, body, headers = {}) {
  const answer = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.ok) return text === '' ? null : JSON.parse(text);
  throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
}

/** Takes webhooks: verifies first, then answers fast. What comes twice, or late, changes nothing. */
function receive(secretOf, onEvent) {
  return createServer(async (request, response) => {
    try {
      const event = new Webhook(secretOf()).verify(await buffer(request), request.headers);
      const id = request.headers['webhook-id'];
      if (!seen.has(id)) onEvent(event);
      seen.add(id);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end(); // Anything but 2xx: KKM sends it again.
    }
  });
}

/** Keeps the newest state of a bill. Events may overtake each other; `sequence` tells which is newer. */
function note({ type, data }) {
  const bill = bills.get(data.orderId);
  if (!bill || data.sequence <= bill.sequence) return;
  Object.assign(bill, { sequence: data.sequence, status: data.status, chargedAmount: data.chargedAmount });
  console.log(`${data.orderId}  ${type}  ${data.status}  charged ${(data.chargedAmount / 100).toFixed(2)} ${data.currency}`);
}

/** In doubt is no end: KKM is still finding out, and says so by a further event. A decline is one, and can be redone on the same bill. */
const ends = new Set(['succeeded', 'declined', 'cancelled', 'expired', 'failed']);

async function main() {
  let secret = '';
  let done = () => undefined;
  const finished = new Promise((resolve) => (done = resolve));
  const receiver = receive(
    () => secret,
    (event) => {
      note(event);
      if ([...bills.values()].every(({ status }) => ends.has(status))) done();
    },
  );
  await new Promise((listening) => receiver.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${receiver.address().port}/kkm`;
  const endpoint = await call('POST', '/v1/webhook-endpoints', { name: 'sample client', url, siteId });
  secret = endpoint.secret; // Shown once: a real system stores it.
  const timer = setTimeout(() => done('late'), patienceMs);
  try {
    const run = Date.now();
    await Promise.all([askByMessage(paymentOf(`message-${run}`, 12_000)), askByHttp(paymentOf(`http-${run}`, 15_000))]);
    if ((await finished) === 'late') throw new Error(`No end was told within ${patienceMs / 1000} s: ${JSON.stringify([...bills])}`);
  } finally {
    clearTimeout(timer);
    receiver.close();
    receiver.closeAllConnections();
    await call('DELETE', `/v1/webhook-endpoints/${endpoint.id}`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
