import { ledgerStoreConformance, MemoryLedgerStore, readSchemaRules, withoutRules } from '@kkm/flow/testing';
import { migrationsText, schemaRules } from './harness/schema';

describe('the ledger’s store in memory', () => {
  const store = new MemoryLedgerStore({ rules: schemaRules });
  ledgerStoreConformance(() => store);
});

describe('the rules read from the migrations', () => {
  const named = (name: string) => schemaRules.unique.find((rule) => rule.name === name);

  it('are those that keep a guest from being charged twice', () => {
    const names = schemaRules.unique.map((rule) => rule.name);
    expect(names).toEqual(
      expect.arrayContaining(['one_open_payment_per_order', 'one_charge_per_order_and_amount', 'one_live_sale_per_payment', 'one_live_return_per_payment']),
    );
    expect(names).toEqual(
      expect.arrayContaining(['one_permit_per_terminal', 'attempt_number_taken', 'granted_once', 'idempotency_key_taken', 'result_recorded_once']),
    );
    expect(names).toEqual(expect.arrayContaining(['charge_recorded_once', 'one_kept_charge_per_payment', 'payment_pkey', 'attempt_pkey']));
    expect([...schemaRules.triggers.keys()]).toEqual(expect.arrayContaining(['final_outcome_immutable', 'permit_immutable', 'entry_balances']));
  });

  it('have the columns and conditions of the SQL', () => {
    expect(named('one_permit_per_terminal')?.columns).toEqual(['site_id', 'terminal_id']);
    const { where } = named('one_charge_per_order_and_amount')!;
    const row = { order_exclusive: true, status: 'succeeded', refunded_minor: 1, charged_minor: 2 };
    expect([where(row), where({ ...row, refunded_minor: 2 }), where({ ...row, order_exclusive: false }), where({ ...row, status: 'pending' })]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(named('granted_once')).toMatchObject({ table: 'permit', columns: ['attempt_id'] });
  });

  it('lose an index that is dropped', () => {
    const dropped = readSchemaRules(`${migrationsText}\ndrop index one_live_sale_per_payment;`);
    expect(dropped.unique.map(({ name }) => name)).not.toContain('one_live_sale_per_payment');
    expect(withoutRules(schemaRules, ['granted_once']).unique).toHaveLength(schemaRules.unique.length - 1);
  });

  it('refuse a condition that cannot be read', () => {
    expect(() => readSchemaRules('create unique index odd on payment (id) where status like $1;')).toThrow('can be read');
  });
});
