import type { PaymentCommand } from '@kkm/core';
import { charged } from './constraint-case';
import type { ConstraintCase } from './constraint-case';
import type { LedgerOnTrial } from './ledger-on-trial';

/** A charged payment of whose first event one endpoint, named after the payment, is told. */
async function told(ledger: LedgerOnTrial): Promise<PaymentCommand> {
  const command = await charged(ledger);
  const { paymentId } = command;
  await ledger.rows(
    `insert into ledger.webhook_endpoint (id, name, url, enabled, created_at, changed_at, changed_by) values ($1, 'trial', 'https://hooks.example/', true, now(), now(), 'Bob')`,
    [paymentId],
  );
  await ledger.rows(`insert into ledger.webhook_secret (endpoint_id, number, sealed, created_at) values ($1, 1, 'sealed', now())`, [paymentId]);
  await ledger.rows(
    `insert into ledger.webhook_delivery (endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
      select subject, id, event_id, 'kkm.payment.accepted.v1', subject, site_id, 'event', 0, now(), now() from ledger.event where subject = $1 order by id limit 1`,
    [paymentId],
  );
  return command;
}

/** What the database refuses about webhooks. */
export const webhookConstraints: readonly ConstraintCase[] = [
  {
    name: 'one_webhook_per_event',
    promise: 'an event is delivered to an endpoint once of its own accord',
    prepare: told,
    double: `insert into ledger.webhook_delivery (endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
      select endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at from ledger.webhook_delivery where endpoint_id = :payment`,
    drop: 'drop index ledger.one_webhook_per_event',
  },
  {
    name: 'one_webhook_secret_in_force',
    promise: 'an endpoint has one secret without an end',
    prepare: told,
    double: `insert into ledger.webhook_secret (endpoint_id, number, sealed, created_at) select endpoint_id, number + 1, 'other', created_at from ledger.webhook_secret where endpoint_id = :payment`,
    drop: 'drop index ledger.one_webhook_secret_in_force',
  },
];
