import type { CompletionEvent, EventName } from '@kkm/core';

/** Who speaks in every event of KKM (CloudEvents `source`). */
export const eventSource = '/kkm/ledger';

/** Builds an event; `id` is drawn once, when the change is recorded, and stays on every repeat. */
export function completionEvent(about: {
  readonly id: string;
  readonly what: EventName;
  readonly time: string;
  readonly subject: string;
  readonly sequence: number;
  readonly data: CompletionEvent['data'];
}): CompletionEvent {
  return {
    specversion: '1.0',
    id: about.id,
    source: eventSource,
    type: `kkm.payment.${about.what}.v1`,
    subject: about.subject,
    time: about.time,
    datacontenttype: 'application/json',
    sequence: about.sequence,
    data: about.data,
  };
}
