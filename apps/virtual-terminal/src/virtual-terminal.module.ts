import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { FakeRegister } from '@kkm/drivers/terminals';
import { frameworkLog, HealthModule } from '@kkm/observability';
import type { HealthOptions, Logger } from '@kkm/observability';
import { BankController } from './bank.controller';
import { Counter } from './counter';
import { RegisterController } from './kkmserver/register.controller';
import { PageController } from './page.controller';
import { ProblemFilter } from './problem.filter';
import { RaiffeisenController } from './sbp/raiffeisen.controller';
import { SbpBankController } from './sbp/sbp-bank.controller';
import { SbpDesk } from './sbp/sbp-desk';
import { TerminalsController } from './terminals.controller';

const bodyBytesMax = 65_536;

/** The control API over the terminals of this process. */
@Module({})
export class VirtualTerminalModule {
  /** To be created once. */
  static over(counter: Counter, health: HealthOptions): DynamicModule {
    return {
      module: VirtualTerminalModule,
      imports: [HealthModule.register(health)],
      controllers: [TerminalsController, BankController, RaiffeisenController, SbpBankController, RegisterController, PageController],
      providers: [
        { provide: Counter, useValue: counter },
        { provide: SbpDesk, useValue: counter.desk },
        { provide: FakeRegister, useValue: counter.register },
      ],
    };
  }
}

/** Makes the HTTP application; the caller lets it listen. */
export async function controlApi(counter: Counter, health: HealthOptions, log: Logger): Promise<INestApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: bodyBytesMax });
  const app = await NestFactory.create(VirtualTerminalModule.over(counter, health), adapter, { logger: frameworkLog(log), abortOnError: false });
  app.useGlobalFilters(new ProblemFilter((err) => log.error({ err }, 'A request failed.')));
  return app;
}
