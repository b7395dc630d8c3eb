import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { HealthModule } from '@kkm/observability';
import type { HealthOptions } from '@kkm/observability';
import { CertifyTerminal, ReadTerminalHealth, TerminalRequests } from '@kkm/flow/gateway';
import type { RestoreLedger } from '@kkm/flow/gateway';
import type { CommandDesk } from '@kkm/flow/kkmserver';
import { ApiKeys } from './access/api-keys';
import type { Authentication } from './access/authentication';
import { Sessions } from './access/sessions';
import { SessionWatch } from './access/session-watch';
import { Users } from './access/users';
import { WorkerTrust } from './access/worker-trust';
import { AuditTrail } from './audit/audit-trail';
import { CallsConsumer } from './amqp/calls.consumer';
import { ChecksConsumer } from './amqp/checks.consumer';
import { IngressConsumer } from './amqp/ingress.consumer';
import { IngressDoor } from './amqp/ingress-door';
import { CheckFollower } from './desk/check-follower';
import { CertificationDriver } from './certification/certification-driver';
import { Checks } from './desk/checks';
import { CommandDrivers } from './desk/command-drivers';
import { stores } from './equipment/stores';
import type { RegisterStore, SettingHistory, SiteStore, TerminalProfileStore, TerminalStore } from './equipment/stores';
import { UndoSetting } from './equipment/undo-setting';
import { WorkerEquipment } from './equipment/worker-equipment';
import { AdminPage } from './http/admin-page';
import { AdminPageController } from './http/admin-page.controller';
import { AuditController } from './http/audit.controller';
import { ApiKeysController } from './http/api-keys.controller';
import { CertificationsController } from './http/certifications.controller';
import { ChecksController } from './http/checks.controller';
import { Documents, DocumentsController } from './http/documents.controller';
import { RegistersController, SitesController } from './http/equipment.controller';
import { EventsController } from './http/events.controller';
import { PublicOrigin } from './http/origin';
import { ParkedMessagesController } from './http/parked-messages.controller';
import { PaymentsController } from './http/payments.controller';
import { PeopleController } from './http/people.controller';
import { SbpAccountsController, sbpNotifications, SbpNotificationsController } from './http/sbp.controller';
import type { SbpNotifications } from './http/sbp.controller';
import { RestoreController, restoreLedger } from './http/restore.controller';
import { SessionController } from './http/session.controller';
import { SettingChangesController } from './http/setting-changes.controller';
import { StreamController } from './http/stream.controller';
import { TerminalHealthController } from './http/terminal-health.controller';
import { TerminalRequestsController } from './http/terminal-requests.controller';
import { WebhookDeliveriesController, WebhookEndpointsController } from './http/webhooks.controller';
import { TerminalProfilesController, TerminalsController } from './http/terminals.controller';
import { UsersController } from './http/users.controller';
import type { CallbackBook } from './kkmserver/callback/callback-book';
import { ProgressHub } from './live/progress-hub';
import { StreamHub } from './live/stream-hub';
import { ParkedMessages } from './parked/parked-messages';
import { Payments } from './payments';
import { SbpAccounts } from './sbp/sbp-accounts';
import { WebhookEndpoints } from './webhooks/webhook-endpoints';

/** The gateway's parts, built outside of Nest. */
export interface GatewayParts {
  readonly payments: Payments;
  readonly authentication: Authentication;
  readonly apiKeys: ApiKeys;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly sessionWatch: SessionWatch;
  readonly audit: AuditTrail;
  readonly sites: SiteStore;
  readonly registers: RegisterStore;
  readonly terminals: TerminalStore;
  readonly profiles: TerminalProfileStore;
  readonly workerEquipment: WorkerEquipment;
  readonly terminalRequests: TerminalRequests;
  readonly terminalHealth: ReadTerminalHealth;
  readonly certifyTerminal: CertifyTerminal;
  readonly certificationDriver: CertificationDriver;
  readonly workerTrust: WorkerTrust;
  readonly ingress: IngressDoor;
  readonly settingChanges: SettingHistory;
  readonly undoSetting: UndoSetting;
  readonly sbpAccounts: SbpAccounts;
  readonly sbpNotifications: SbpNotifications;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly parkedMessages: ParkedMessages;
  readonly restoreLedger: RestoreLedger;
  readonly drivers: CommandDrivers;
  readonly checks: Checks;
  readonly checkFollower: CheckFollower;
  readonly streamHub: StreamHub;
  readonly progressHub: ProgressHub;
  readonly documents: Documents;
  /** Behind the KkmServer door. */
  readonly commandDesk: CommandDesk;
  readonly callbackBook: CallbackBook;
  readonly health: HealthOptions;
}

/** Everything that answers HTTP or messages. */
const controllers = [
  PaymentsController,
  PeopleController,
  EventsController,
  ChecksController,
  StreamController,
  SitesController,
  RegistersController,
  TerminalsController,
  TerminalProfilesController,
  TerminalRequestsController,
  TerminalHealthController,
  SettingChangesController,
  CertificationsController,
  SbpAccountsController,
  SbpNotificationsController,
  WebhookEndpointsController,
  WebhookDeliveriesController,
  ParkedMessagesController,
  RestoreController,
  ApiKeysController,
  UsersController,
  SessionController,
  AdminPageController,
  AuditController,
  DocumentsController,
  CallsConsumer,
  IngressConsumer,
  ChecksConsumer,
] as const;

/** What browsers are told besides the parts' answers. */
interface PageSurroundings {
  /** Origin under which browsers see the gateway; null where they see it as it is. */
  readonly publicOrigin: string | null;
  readonly adminPage: AdminPage;
}

/** The gateway's controllers over its parts. */
@Module({})
export class GatewayModule {
  /** To be created once. */
  static over(parts: GatewayParts, around: PageSurroundings): DynamicModule {
    return {
      module: GatewayModule,
      imports: [HealthModule.register(parts.health)],
      controllers: [...controllers],
      providers: [
        ...accessProviders(parts, around),
        { provide: Payments, useValue: parts.payments },
        { provide: stores.sites, useValue: parts.sites },
        { provide: stores.registers, useValue: parts.registers },
        { provide: stores.terminals, useValue: parts.terminals },
        { provide: stores.profiles, useValue: parts.profiles },
        { provide: WorkerEquipment, useValue: parts.workerEquipment },
        { provide: TerminalRequests, useValue: parts.terminalRequests },
        { provide: CertifyTerminal, useValue: parts.certifyTerminal },
        { provide: CertificationDriver, useValue: parts.certificationDriver },
        { provide: ReadTerminalHealth, useValue: parts.terminalHealth },
        { provide: WorkerTrust, useValue: parts.workerTrust },
        { provide: IngressDoor, useValue: parts.ingress },
        { provide: stores.history, useValue: parts.settingChanges },
        { provide: UndoSetting, useValue: parts.undoSetting },
        { provide: SbpAccounts, useValue: parts.sbpAccounts },
        { provide: sbpNotifications, useValue: parts.sbpNotifications },
        { provide: WebhookEndpoints, useValue: parts.webhookEndpoints },
        { provide: ParkedMessages, useValue: parts.parkedMessages },
        { provide: restoreLedger, useValue: parts.restoreLedger },
        { provide: CommandDrivers, useValue: parts.drivers },
        { provide: Checks, useValue: parts.checks },
        { provide: CheckFollower, useValue: parts.checkFollower },
        { provide: StreamHub, useValue: parts.streamHub },
        { provide: ProgressHub, useValue: parts.progressHub },
        { provide: Documents, useValue: parts.documents },
      ],
    };
  }
}

/** Who comes in, and what is noted of them. */
function accessProviders(parts: GatewayParts, around: PageSurroundings): Provider[] {
  return [
    { provide: ApiKeys, useValue: parts.apiKeys },
    { provide: Users, useValue: parts.users },
    { provide: Sessions, useValue: parts.sessions },
    { provide: SessionWatch, useValue: parts.sessionWatch },
    { provide: AuditTrail, useValue: parts.audit },
    { provide: PublicOrigin, useValue: new PublicOrigin(around.publicOrigin) },
    { provide: AdminPage, useValue: around.adminPage },
  ];
}
