/** The schema the reference writes; dropped and made anew by every run, so that two runs never see each other's rows. */
export const referenceSchema = 'bench_reference';

/** The least an inbox and outbox ledger must store for each command: that it came, what it did, what is to be told. */
export const createReferenceSchema = `
  DROP SCHEMA IF EXISTS ${referenceSchema} CASCADE;
  CREATE SCHEMA ${referenceSchema};
  CREATE TABLE ${referenceSchema}.inbox (
    command_id uuid PRIMARY KEY,
    arrived_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE ${referenceSchema}.payment (
    payment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command_id uuid NOT NULL,
    terminal_id text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE ${referenceSchema}.outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command_id uuid NOT NULL,
    event text NOT NULL
  );
  ALTER TABLE ${referenceSchema}.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
`;

/** Removes everything {@link createReferenceSchema} made. */
export const dropReferenceSchema = `DROP SCHEMA IF EXISTS ${referenceSchema} CASCADE`;

/** Records a batch of commands in one statement, which is one transaction: a command seen before changes nothing. */
export const recordBatch = {
  name: 'reference-record',
  text: `
    WITH arrived AS (
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[]) AS command (command_id, terminal_id, amount_minor, currency)
    ), fresh AS (
      INSERT INTO ${referenceSchema}.inbox (command_id) SELECT command_id FROM arrived ON CONFLICT DO NOTHING RETURNING command_id
    ), paid AS (
      INSERT INTO ${referenceSchema}.payment (command_id, terminal_id, amount_minor, currency, status)
      SELECT command_id, terminal_id, amount_minor, currency, 'approved' FROM arrived JOIN fresh USING (command_id)
      RETURNING payment_id, command_id, terminal_id, amount_minor, currency, status
    )
    INSERT INTO ${referenceSchema}.outbox (command_id, event)
    SELECT command_id, json_build_object('paymentId', payment_id, 'commandId', command_id, 'terminalId', terminal_id,
      'amountMinor', amount_minor, 'currency', currency, 'status', status)::text
    FROM paid`,
};

/** Takes the oldest rows out of the outbox; they are gone only when the transaction that saw their events confirmed commits. */
export const takeFromOutbox = {
  name: 'reference-take',
  text: `
    DELETE FROM ${referenceSchema}.outbox WHERE position = ANY (ARRAY(
      SELECT position FROM ${referenceSchema}.outbox ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED
    )) RETURNING command_id, event`,
};

/** What stands in the tables at the end of a run. */
export const countRows = `
  SELECT (SELECT count(*) FROM ${referenceSchema}.inbox)::int AS inbox,
         (SELECT count(*) FROM ${referenceSchema}.payment)::int AS payments,
         (SELECT count(DISTINCT command_id) FROM ${referenceSchema}.payment)::int AS distinct_payments,
         (SELECT count(*) FROM ${referenceSchema}.outbox)::int AS outbox`;
