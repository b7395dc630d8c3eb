import { amountMinorMax, errorCatalogue } from '@kkm/core';
import type { Payment } from '@kkm/core';
import { asyncApiDocument } from './asyncapi';
import { componentSchemas } from './http/components';
import { automaticAcquiringBody, createTerminalBody } from './http/equipment.contract';
import { transportSchema } from './http/transport.contract';
import { completionEventSchema, progressSchema } from './http/events.contract';
import { openApiDocument } from './http/openapi';
import { listPaymentsQuery, openPaymentBody, redoPaymentBody } from './http/payments.contract';
import { sharedErrors, routes } from './http/routes';
import { cancelRequested, redoRequested } from './messages';

const order = { siteId: 'club-1', orderId: 'o-1', amount: 15_000, currency: 'RUB' };
const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown): boolean => schema.safeParse(value).success;

describe('what a caller may send', () => {
  it('fills in what is left out', () => {
    expect(openPaymentBody.parse(order)).toEqual({ ...order, expiresIn: 180, additional: false, purpose: 'sale', metadata: {} });
    expect(redoPaymentBody.parse({})).toEqual({ expiresIn: 180 });
    expect(listPaymentsQuery.parse({})).toEqual({ limit: 50 });
    expect(listPaymentsQuery.parse({ limit: '7' }).limit).toBe(7);
  });

  it.each([1, amountMinorMax])('takes the amount %s', (amount) => expect(accepts(openPaymentBody, { ...order, amount })).toBe(true));
  it.each([0, -1, amountMinorMax + 1, 0.5, Number.NaN, '1', null])('refuses the amount %s', (amount) =>
    expect(accepts(openPaymentBody, { ...order, amount })).toBe(false),
  );
  it.each([5, 900])('takes %s seconds', (expiresIn) => expect(accepts(openPaymentBody, { ...order, expiresIn })).toBe(true));
  it.each([4, 901, 10.5])('refuses %s seconds', (expiresIn) => expect(accepts(openPaymentBody, { ...order, expiresIn })).toBe(false));

  it.each([
    ['an unknown member', { tip: 1 }],
    ['a null member', { method: null }],
    ['an id that cannot be a queue’s', { siteId: 'a b' }],
    ['an id that begins with a dot', { siteId: '.a' }],
    ['an id of 65 characters', { siteId: 'a'.repeat(65) }],
    ['an order without a name', { orderId: '' }],
    ['an order of 129 characters', { orderId: 'x'.repeat(129) }],
    ['a line break in the order', { orderId: 'a\nb' }],
    ['a key of metadata that is too long', { metadata: { ['k'.repeat(65)]: 'v' } }],
    ['a value of metadata that is too long', { metadata: { k: 'v'.repeat(501) } }],
  ])('refuses %s', (_what, more) => expect(accepts(openPaymentBody, { ...order, ...more })).toBe(false));

  it('takes names in any language', () => {
    expect(accepts(openPaymentBody, { ...order, orderId: 'Заказ № 5 🎮', metadata: { имя: '' } })).toBe(true);
  });

  it('lets automatic acquiring name no terminal only when it is off', () => {
    expect(accepts(automaticAcquiringBody, { option: 'none', terminalId: null })).toBe(true);
    expect(accepts(automaticAcquiringBody, { option: 'card', terminalId: null })).toBe(false);
    expect(accepts(automaticAcquiringBody, { option: 'card' })).toBe(false);
    expect(accepts(automaticAcquiringBody, { option: 'card', terminalId: 'pax-1' })).toBe(true);
  });

  it('bounds the data of a profile', () => {
    const terminal = (profile: unknown) => ({
      id: 't',
      siteId: 's',
      name: 'n',
      driver: 'd',
      transport: { kind: 'tcp', mode: 'connect', host: 'h', port: 1 },
      profile,
    });
    expect(accepts(createTerminalBody, terminal({ a: { b: [1, 'x', null, true] } }))).toBe(true);
    expect(accepts(createTerminalBody, terminal({ a: '\u0000' }))).toBe(false);
    expect(accepts(createTerminalBody, terminal({ a: Array.from({ length: 1_001 }, () => 1) }))).toBe(false);
    expect(accepts(createTerminalBody, terminal(JSON.parse(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)))).toBe(false);
  });

  it('takes a cable by its path and completes its settings', () => {
    const path = '/dev/serial/by-id/usb-PAX_Technology_Q25_0123456789-if00';
    expect(transportSchema.parse({ kind: 'serial', path })).toEqual({ kind: 'serial', path, baudRate: 115_200, parity: 'none', stopBits: 1 });
    expect(accepts(transportSchema, { kind: 'serial', path: '/dev/ttyACM0', baudRate: 9_600, parity: 'even', stopBits: 2 })).toBe(true);
    expect(accepts(transportSchema, { kind: 'tcp', mode: 'listen', host: '0.0.0.0', port: 5_201 })).toBe(true);
  });

  it.each([
    ['beside /dev', { path: '/etc/passwd' }],
    ['that is relative', { path: 'dev/ttyACM0' }],
    ['that steps back', { path: '/dev/../etc/passwd' }],
    ['that steps back in disguise', { path: '/dev/serial/../../etc/passwd' }],
    ['of the folder itself', { path: '/dev' }],
    ['with an empty piece', { path: '/dev//ttyACM0' }],
    ['that ends in a slash', { path: '/dev/ttyACM0/' }],
    ['of a hidden file', { path: '/dev/.ttyACM0' }],
    ['with a character of a shell', { path: '/dev/ttyACM0;reboot' }],
    ['that goes on in a new line', { path: '/dev/ttyACM0\n' }],
    ['that is too long', { path: `/dev/${'a'.repeat(300)}` }],
  ])('refuses a path %s', (_what, more) => expect(accepts(transportSchema, { kind: 'serial', ...more })).toBe(false));

  it.each([{ baudRate: 115_201 }, { parity: 'mark' }, { stopBits: 3 }, { host: 'x' }])('refuses a cable with %j', (more) =>
    expect(accepts(transportSchema, { kind: 'serial', path: '/dev/ttyACM0', ...more })).toBe(false),
  );

  it('makes a message name its payment in one way', () => {
    for (const schema of [redoRequested, cancelRequested]) {
      expect(accepts(schema, { paymentId: 'pay_1' })).toBe(true);
      expect(accepts(schema, { siteId: 's', orderId: 'o' })).toBe(true);
      expect(accepts(schema, {})).toBe(false);
      expect(accepts(schema, { orderId: 'o' })).toBe(false);
      expect(accepts(schema, { paymentId: 'pay_1', orderId: 'o' })).toBe(false);
    }
  });
});

describe('what KKM says', () => {
  it('reads its own events, payments and rejections alike', () => {
    const payment: Payment = {
      id: 'pay_1',
      siteId: 's',
      orderId: 'o',
      registerId: null,
      terminalId: 't',
      amount: 1,
      currency: 'RUB',
      method: 'card',
      status: 'pending',
      chargedAmount: 0,
      refundedAmount: 0,
      redoable: false,
      cancelRequested: null,
      purpose: 'sale',
      switchTo: null,
      sequence: 1,
      attempts: [],
      conflicts: [],
      surfaced: [],
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
      expiresAt: '2026-01-01T00:00:00Z',
      closedAt: null,
      metadata: {},
    };
    const event = {
      specversion: '1.0',
      id: 'evt_1',
      source: 'urn:kkm',
      subject: 'pay_1',
      time: '2026-01-01T00:00:00Z',
      datacontenttype: 'application/json',
      sequence: 1,
    };
    expect(completionEventSchema.parse({ ...event, type: 'kkm.payment.accepted.v1', data: payment }).data).toEqual(payment);
    const rejected = { siteId: null, orderId: null, requestId: 'r', problem: { code: 'request.invalid', title: 't', status: 422 } };
    expect(completionEventSchema.parse({ ...event, type: 'kkm.payment.rejected.v1', data: rejected }).data).toEqual(rejected);
  });
});

describe('progress', () => {
  it('carries the QR that is on the screen', () => {
    const step = { paymentId: 'pay_1', attemptId: 'att_1', siteId: 's', terminalId: 't', n: null, of: null, detail: null, at: '2026-01-01T00:00:00Z' };
    const qr = { payload: 'https://qr.nspk.ru/AD1?sum=1', expiresAt: '2026-01-01T00:03:00Z' };
    expect(progressSchema.parse({ ...step, step: 'qr_shown', qr })).toEqual({ ...step, step: 'qr_shown', qr });
    expect(progressSchema.parse({ ...step, step: 'answered' })).toEqual({ ...step, step: 'answered' });
  });
});

describe('the documents', () => {
  it('have each route once, with a name of its own', () => {
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length);
  });

  it('name every error a route can give, under its status', () => {
    const paths = openApiDocument('1')['paths'] as Readonly<
      Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly description: string }>> }>>>
    >;
    for (const route of routes) {
      for (const code of [...sharedErrors(route), ...route.errors]) {
        expect(paths[route.path]?.[route.method.toLowerCase()]?.responses[String(errorCatalogue[code].status)]?.description).toContain(`\`${code}\``);
      }
    }
  });

  it('refer to nothing that is not there', () => {
    const document = openApiDocument('1');
    const names = Object.keys(componentSchemas((name) => name));
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(names).toContain(name);
    const messages = asyncApiDocument('1');
    expect(JSON.stringify(messages)).not.toContain('#/components/schemas/');
  });

  it('close requests to unknown members and leave answers open', () => {
    const schemas = componentSchemas((name) => `#/components/schemas/${name}`);
    expect(schemas.OpenPayment['additionalProperties']).toBe(false);
    expect(schemas.Payment['additionalProperties']).toBeUndefined();
    expect(schemas.OpenPayment['required']).toEqual(['siteId', 'orderId', 'amount', 'currency']);
  });

  it('say the limits of the schemas', () => {
    expect(JSON.stringify(componentSchemas((name) => name).OpenPayment)).toMatch(/"maximum":99999999.*"maximum":900.*"maxProperties":20/);
  });
});
