import { Controller } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { attemptResult, queues } from '@kkm/contracts';
import { RecordResult } from '@kkm/flow/ledger';
import type { ResultVerdict } from '@kkm/flow/ledger';
import type { Delivery, Disposition } from '@kkm/messaging';
import { LedgerWatch } from '../ledger-watch';
import { Trust } from './trust';

/** Records what terminals answered. A result is acknowledged only when it is in the books, kept as an orphan, or parked. */
@Controller()
export class ResultsConsumer {
  constructor(
    private readonly recording: RecordResult,
    private readonly trust: Trust,
    private readonly watch: LedgerWatch,
  ) {}

  /** One result. While the database is away this throws `Unavailable`, and the delivery is held; nothing is dropped. */
  @EventPattern(queues.ledgerResults)
  async record(@Ctx() delivery: Delivery): Promise<Disposition> {
    const parsed = attemptResult.safeParse(delivery.body);
    if (!parsed.success) return { park: 'result.malformed' };
    const result = parsed.data;
    if (!this.trust.speaksFor(result.siteId, delivery)) return { park: 'auth.forbidden' };
    const verdict = await this.recording.execute(result);
    this.watch.resultTaken(result, verdict);
    return dispositionOf(verdict);
  }
}

function dispositionOf(verdict: ResultVerdict): Disposition {
  if (verdict.kind === 'orphan') return { park: 'attempt.unknown' };
  if (verdict.kind === 'drop' && verdict.why === 'no-permit') return { park: 'result.without_permit' };
  return 'done';
}
