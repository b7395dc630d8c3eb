import { Module, type DynamicModule } from '@nestjs/common';
import { Worker } from '@kkm/flow/worker';
import { HealthModule } from '@kkm/observability';
import type { HealthOptions } from '@kkm/observability';
import { CommandsConsumer } from './commands.consumer';

/** The worker's doors: its queues, its health and its metrics. */
@Module({})
export class WorkerModule {
  /** To be made once, by `main`. */
  static register(worker: Worker, health: HealthOptions): DynamicModule {
    return {
      module: WorkerModule,
      imports: [HealthModule.register(health)],
      controllers: [CommandsConsumer],
      providers: [{ provide: Worker, useValue: worker }],
    };
  }
}
