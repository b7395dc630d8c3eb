import { Controller, Get, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { limits, setSbpAccountBody } from '@kkm/contracts';
import type { ShownSbpAccount } from '@kkm/contracts';
import { equipmentIdPattern, Rejected, sbpBankNames } from '@kkm/core';
import type { SbpBankName } from '@kkm/core';
import type { SbpLedger } from '@kkm/flow/gateway';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { SiteStore } from '../equipment/stores';
import { SbpAccounts } from '../sbp/sbp-accounts';
import { idOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** The name under which the module hands the ledger's side of banks to the door of notifications. */
export const sbpNotifications = Symbol('sbp notifications');
/** What the door of notifications needs of the ledger. */
export type SbpNotifications = Pick<SbpLedger, 'notified'>;

/** Headers of a notification that a signature or a reader of it may need; no other is handed on. */
const heardHeaders = ['content-type', 'x-api-signature-sha256'] as const;

/** Sites' contracts with banks over HTTP. */
@Controller('v1/sites')
export class SbpAccountsController {
  constructor(
    private readonly accounts: SbpAccounts,
    @Inject(stores.sites) private readonly sites: SiteStore,
  ) {}

  /** `GET /v1/sites/{id}/sbp-account`. */
  @Get(':id/sbp-account')
  async read(@Req() request: DoorRequest): Promise<ShownSbpAccount> {
    const { id } = await this.sites.read(idOf(request), callerOf(request));
    return this.accounts.read(id);
  }

  /** `PUT /v1/sites/{id}/sbp-account`. */
  @Put(':id/sbp-account')
  async set(@Req() request: DoorRequest): Promise<ShownSbpAccount> {
    const caller = callerOf(request);
    const body = checked(setSbpAccountBody, request.body);
    const { id } = await this.sites.read(idOf(request), caller);
    return this.accounts.set(id, body, { ...caller, requestId: request.id });
  }
}

/** What banks say of QRs, as they send it: the ledger believes the signature and nothing else (design-money, clause 19). Nothing of the body is logged. */
@Controller('v1/sbp-notifications')
export class SbpNotificationsController {
  constructor(@Inject(sbpNotifications) private readonly ledger: SbpNotifications) {}

  /** `POST /v1/sbp-notifications/{bank}/{siteId}`. Any answer but 200 makes the bank send it again. */
  @Post(':bank/:siteId')
  @HttpCode(200)
  async hear(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<string> {
    const { bank = '', siteId = '' } = request.params;
    if (!isBank(bank)) throw new Rejected('equipment.not_found', { detail: 'There is no such bank.' });
    if (!equipmentIdPattern.test(siteId)) throw new Rejected('equipment.not_found', { detail: 'There is no such site.' });
    const notification = { bank, siteId, headers: headersOf(request), body: textOf(request.body) };
    const answer = await this.ledger.notified(notification).catch(asNotFound);
    reply.header('content-type', 'text/plain; charset=utf-8');
    return answer.reply;
  }
}

/** To a bank that never had a contract with the site there is nothing here. */
function asNotFound(error: unknown): never {
  throw error instanceof Rejected && error.code === 'sbp.bank_not_configured' ? new Rejected('equipment.not_found') : error;
}

function isBank(name: string): name is SbpBankName {
  return (sbpBankNames as readonly string[]).includes(name);
}

function headersOf({ headers }: DoorRequest): Readonly<Record<string, string>> {
  const heard = heardHeaders.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(heard.filter((entry): entry is readonly [(typeof heardHeaders)[number], string] => typeof entry[1] === 'string'));
}

/** The very text whose bytes were signed: what is no UTF-8 would come out as another. */
function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) return '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (text.length <= limits.bodyBytes) return text;
  } catch {
    // Decided below: no bank writes anything but UTF-8.
  }
  throw new Rejected('request.malformed');
}
