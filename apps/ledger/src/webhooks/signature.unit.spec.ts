import { Webhook } from 'standardwebhooks';
import { webhookSignature } from './signature';

const [first, second] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${Buffer.alloc(32, 7).toString('base64')}`] as const;
const message = { id: 'evt_1', timestamp: Math.floor(Date.now() / 1_000), body: '{"имя":"a\\n"}' };
const headers = (signature: string, more: object = {}) => ({
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': signature,
  ...more,
});

describe('the signature of a webhook', () => {
  it('is what the reference library signs and verifies', () => {
    const signature = webhookSignature([first], message);
    expect(signature).toBe(new Webhook(first).sign(message.id, new Date(message.timestamp * 1_000), message.body));
    expect(new Webhook(first).verify(message.body, headers(signature))).toEqual({ имя: 'a\n' });
  });

  it('is known by the secret before and the one after while both sign', () => {
    const signature = webhookSignature([second, first], message);
    for (const secret of [first, second]) expect(() => new Webhook(secret).verify(message.body, headers(signature))).not.toThrow();
  });

  it('is for this id, time, body and secret alone', () => {
    const signature = webhookSignature([first], message);
    const verify = (secret: string, body: string, more: object) => () => new Webhook(secret).verify(body, headers(signature, more));
    expect(verify(second, message.body, {})).toThrow();
    expect(verify(first, `${message.body} `, {})).toThrow();
    expect(verify(first, message.body, { 'webhook-id': 'evt_2' })).toThrow();
    expect(verify(first, message.body, { 'webhook-timestamp': String(message.timestamp + 1) })).toThrow();
  });
});
