import { equipmentIdPattern } from '@kkm/core';
import type { CompletionEvent } from '@kkm/core';
import { formerBindings, furtherKeys, queueTable } from './topology';

describe('events of checks', () => {
  const keysOf = (type: string, data: object): readonly string[] => furtherKeys({ type, data } as CompletionEvent);
  const ofCheck = { metadata: { idCommand: 'a' } };
  const paid = 'kkm.payment.succeeded.v1';

  it('go to the gateway’s queue when the bill was paid, and no other event does', () => {
    const bound = queueTable.flatMap(({ name, bindings }) => (name === 'gateway.checks' ? bindings.map(({ routingKey }) => routingKey) : []));
    expect(keysOf(paid, ofCheck)).toEqual(bound);
    expect(keysOf(paid, { metadata: { memberId: '42' } })).toEqual([]);
    expect(keysOf('kkm.payment.declined.v1', ofCheck)).toEqual([]);
    expect(keysOf('kkm.payment.rejected.v1', { requestId: 'r' })).toEqual([]);
  });

  it('go by a key that is nobody’s who listens to a site', () => {
    for (const key of keysOf(paid, ofCheck)) expect(key.split('.')[0]).not.toMatch(equipmentIdPattern);
  });

  it('do not go by what is to be unbound', () => {
    for (const { queue, exchange, routingKey } of formerBindings) {
      const declared = queueTable.find(({ name }) => name === queue)?.bindings ?? [];
      expect(declared).not.toEqual([]);
      expect(declared).not.toContainEqual({ exchange, routingKey });
    }
  });
});
