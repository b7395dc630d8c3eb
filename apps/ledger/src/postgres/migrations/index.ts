import type { Migration } from '@kkm/postgres';
import { payments } from './0001-payments';
import { permits } from './0002-permits';
import { requestsAndBooks } from './0003-requests-and-books';
import { events } from './0004-events';
import { recovery } from './0005-recovery';
import { returns } from './0006-returns';
import { evidence } from './0007-evidence';
import { people } from './0008-people';
import { answersInVain } from './0009-answers-in-vain';
import { returnRrns } from './0010-return-rrns';
import { sbp } from './0011-sbp';
import { changeOver } from './0012-switch';
import { authorisationCodes } from './0013-authorisation-codes';
import { guestSwitch } from './0014-guest-switch';
import { webhooks } from './0015-webhooks';
import { health } from './0016-health';
import { decidingUsers } from './0017-deciding-users';
import { bankIdentities } from './0018-bank-identities';
import { afterRestore } from './0019-after-restore';

/** The ledger's schema, in the order it is built. Append only. */
export const ledgerMigrations: readonly Migration[] = [
  payments,
  permits,
  requestsAndBooks,
  events,
  recovery,
  returns,
  evidence,
  people,
  answersInVain,
  returnRrns,
  sbp,
  changeOver,
  authorisationCodes,
  guestSwitch,
  webhooks,
  health,
  decidingUsers,
  bankIdentities,
  afterRestore,
];

/** The ledger's own schema. */
export const ledgerSchema = 'ledger';
