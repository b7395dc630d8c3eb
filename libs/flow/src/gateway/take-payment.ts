import { KnownError, Rejected } from '@kkm/core';
import type { Currency, Idempotency, Method, OpenedPayment, OpenPaymentRequest, Purpose, ReplayRequest, SiteScope } from '@kkm/core';
import { chooseTerminal } from './choose-terminal';
import { fingerprint } from './fingerprint';
import type { CommandPublisher, Digest, Equipment, Ledger } from './ports';
import { RequestsAtWork } from './requests-at-work';

/** A checked request to open a payment. */
export interface TakePaymentRequest {
  readonly idempotencyKey: string;
  /** Sites the caller may charge at. */
  readonly scope: SiteScope;
  readonly siteId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly method: Method | null;
  readonly registerId: string | null;
  readonly terminalId: string | null;
  readonly expiresInSeconds: number;
  readonly additional: boolean;
  /** Left out: `sale`. */
  readonly purpose?: Purpose;
  readonly metadata: Readonly<Record<string, string>>;
  /** The members as they were sent; the fingerprint is made of them. */
  readonly asSent: unknown;
}

/** What the use cases that open attempts work with. */
export interface OpeningPorts {
  readonly ledger: Ledger;
  readonly commands: CommandPublisher;
  readonly equipment: Equipment;
  readonly digest: Digest;
}

/** Opens a payment and puts its command on the terminal's queue. A repeat with the same key publishes again while nothing has begun: duplicates meet the permit. */
export class TakePayment {
  private readonly atWork = new RequestsAtWork();

  constructor(private readonly ports: OpeningPorts) {}

  /**
   * @throws Rejected for what can never succeed.
   * @throws Unavailable when ledger or broker did not answer; the same request may be sent again.
   */
  async run(request: TakePaymentRequest): Promise<OpenedPayment> {
    const { siteId, idempotencyKey: key } = request;
    mustSee(request.scope, siteId);
    const idempotency: Idempotency = { key, fingerprint: fingerprint(this.ports.digest, 'payments.open', request.asSent) };
    return this.atWork.alone(JSON.stringify([siteId, key]), async () => {
      const opened = await this.open(request, idempotency);
      await publishQueued(this.ports.commands, opened);
      return opened;
    });
  }

  private async open(request: TakePaymentRequest, idempotency: Idempotency): Promise<OpenedPayment> {
    return orReplay(this.ports.ledger, { siteId: request.siteId, idempotency }, async () => {
      const equipment = await this.ports.equipment.forPayment(request);
      const way = chooseTerminal(request, equipment);
      return this.ports.ledger.open(openRequest(request, { idempotency, lateApproval: equipment.lateApproval, ...way }));
    });
  }
}

function openRequest(
  request: TakePaymentRequest,
  chosen: Pick<OpenPaymentRequest, 'idempotency' | 'terminalId' | 'method' | 'sbp' | 'bank' | 'lateApproval'>,
): OpenPaymentRequest {
  const { siteId, orderId, registerId, amount, currency, expiresInSeconds, additional, purpose, metadata } = request;
  return { siteId, orderId, registerId, amount, currency, expiresInSeconds, additional, purpose, metadata, ...chosen };
}

/** Refuses a site that the caller may not see. @throws Rejected `auth.forbidden`. */
export function mustSee(scope: SiteScope, siteId: string): void {
  if (scope && !scope.includes(siteId)) throw new Rejected('auth.forbidden', { detail: `The key does not belong to site ${siteId}.` });
}

/** Publishes the command while the attempt is still queued. */
export async function publishQueued(commands: CommandPublisher, opened: OpenedPayment): Promise<void> {
  if (opened.command) await commands.publish(opened.command);
}

/** Opens; where equipment or its profile has changed so that the request could not be opened any more, answers with what an earlier one with this key opened. */
export async function orReplay(ledger: Ledger, request: ReplayRequest, open: () => Promise<OpenedPayment>): Promise<OpenedPayment> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof KnownError) || !/^(?:equipment\.|sbp\.not_offered$)/.test(error.code)) throw error;
    const earlier = await ledger.replay(request);
    if (!earlier) throw error;
    return earlier;
  }
}
