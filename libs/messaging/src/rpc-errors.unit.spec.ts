import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { RemoteFault } from './broker';
import { errorOf, replyOf } from './rpc-errors';

describe('errors of calls', () => {
  it.each([
    new Rejected('payment.order_busy', { detail: 'order 7', members: { paymentId: 'pay_1' } }),
    new Unavailable('ledger.unavailable'),
    new Indeterminate('terminal.silent', { detail: 'after the first byte' }),
  ])('arrive as they were thrown: %s', (thrown) => {
    const rebuilt = errorOf(replyOf(thrown), 'ledger.rpc x');
    expect(rebuilt).toBeInstanceOf(thrown.constructor);
    expect(rebuilt).toMatchObject({ code: thrown.code, detail: thrown.detail, members: thrown.members });
  });

  it('say nothing of a bug but that there is one', () => {
    const reply = replyOf(new Error('password=secret'));
    expect(JSON.stringify(reply)).not.toContain('secret');
    expect(errorOf(reply, 'ledger.rpc x')).toBeInstanceOf(RemoteFault);
  });

  it('keep their class when a newer service uses a code that is not known here', () => {
    const rebuilt = errorOf({ ok: false, error: { kind: 'rejected', code: 'payment.newer', detail: null, members: {} } }, 'ledger.rpc x');
    expect(rebuilt).toBeInstanceOf(Rejected);
    expect(rebuilt).toMatchObject({ code: 'internal' });
  });
});
