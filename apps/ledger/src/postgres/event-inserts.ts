/** Common table expressions that write events and their outbox rows, for all rows of `rows` (see `eventRows`). The order of the rows is the order of the feed. */
export function eventInserts(rows: string): string {
  return `
  told as (
    insert into ledger.event (epoch, event_id, site_id, subject, routing_key, traceparent, body)
    select (select epoch from ledger.feed_epoch), event_id, site_id, subject, routing_key, traceparent, body from (${rows}) r order by ord
    returning id, subject),
  sent as (insert into ledger.outbox (event_id, subject) select id, subject from told)`;
}

/** Unpacks the event rows of parameter `parameter`, numbered in their order. */
export function eventRecordset(parameter: string): string {
  return `rows from (json_to_recordset(${parameter}) as (payment_id text, event_id text, site_id text, subject text, routing_key text, traceparent text, body json)) with ordinality
    as e(payment_id, event_id, site_id, subject, routing_key, traceparent, body, ord)`;
}
