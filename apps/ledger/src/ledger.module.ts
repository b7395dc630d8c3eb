import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import {
  AskForQr,
  CancelPayment,
  ClosePayment,
  EndBaseline,
  GrantPermit,
  HearNotification,
  Heartbeat,
  LeaseTerminal,
  ListPayments,
  OpenPayment,
  ReadEvents,
  ReadPayment,
  ReadTerminalHealth,
  ReadTerminalKnowledge,
  ReadTerminalStanding,
  ReadVerdict,
  RecordBaseline,
  RecordResult,
  RedoPayment,
  RefundPayment,
  RejectRequest,
  ReplayPayment,
  ResolvePayment,
  SwitchPayment,
} from '@kkm/flow/ledger';
import type { HealthReader, LedgerStore, LedgerSurroundings } from '@kkm/flow/ledger';
import { HealthModule } from '@kkm/observability';
import type { HealthOptions } from '@kkm/observability';
import { ChangingController } from './amqp/changing.controller';
import { PeopleController, VerdictController } from './amqp/people.controller';
import { EndingController, OpeningController, ReadingController, WatchingController } from './amqp/payments.controller';
import { ResultsConsumer } from './amqp/results.consumer';
import { BanksController, QrController } from './amqp/sbp.controller';
import { RestoreController } from './amqp/restore.controller';
import { Trust } from './amqp/trust';
import { WebhookDeliveriesController, WebhookEndpointsController } from './amqp/webhooks.controller';
import { KnowledgeController, LeasesController, PermitsController } from './amqp/workers.controller';
import { LedgerWatch } from './ledger-watch';
import type { LedgerBanks } from './sbp/ledger-banks';
import { AfterRestore } from './restore/after-restore';
import { SiteBanks } from './sbp/site-banks';
import { WebhookDesk } from './webhooks/webhook-desk';

/** What the ledger's handlers work with. */
export interface LedgerParts {
  readonly store: LedgerStore;
  readonly terminals: HealthReader;
  readonly around: LedgerSurroundings;
  readonly sbp: LedgerBanks;
  readonly webhooks: WebhookDesk;
  readonly afterRestore: AfterRestore;
  readonly trust: Trust;
  readonly watch: LedgerWatch;
  readonly health: HealthOptions;
}

/** The ledger's message handlers over its use cases. */
@Module({})
export class LedgerModule {
  /** To be created once. */
  static over({ store, terminals, around, sbp, webhooks, afterRestore, trust, watch, health }: LedgerParts): DynamicModule {
    const providers: Provider[] = [
      ...[OpenPayment, RedoPayment, SwitchPayment].map((useCase) => ({ provide: useCase, useFactory: () => new useCase(store, around, sbp.banks) })),
      ...[CancelPayment, RefundPayment, ResolvePayment, ClosePayment, GrantPermit, LeaseTerminal, Heartbeat, RecordBaseline, RecordResult, RejectRequest].map(
        (useCase) => ({
          provide: useCase,
          useFactory: () => new useCase(store, around),
        }),
      ),
      ...[ReadPayment, ReadVerdict, ReplayPayment, ListPayments, ReadEvents, ReadTerminalStanding, ReadTerminalKnowledge, EndBaseline].map((useCase) => ({
        provide: useCase,
        useFactory: () => new useCase(store),
      })),
      { provide: ReadTerminalHealth, useFactory: () => new ReadTerminalHealth(terminals, around) },
      { provide: AskForQr, useValue: sbp.asking },
      { provide: HearNotification, useValue: sbp.hearing },
      { provide: SiteBanks, useValue: sbp.banks },
      { provide: WebhookDesk, useValue: webhooks },
      { provide: AfterRestore, useValue: afterRestore },
      { provide: Trust, useValue: trust },
      { provide: LedgerWatch, useValue: watch },
    ];
    return {
      module: LedgerModule,
      imports: [HealthModule.register(health)],
      controllers: [
        OpeningController,
        EndingController,
        ChangingController,
        PeopleController,
        VerdictController,
        ReadingController,
        WatchingController,
        PermitsController,
        LeasesController,
        KnowledgeController,
        QrController,
        BanksController,
        WebhookEndpointsController,
        WebhookDeliveriesController,
        RestoreController,
        ResultsConsumer,
      ],
      providers,
    };
  }
}
