import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthController } from './health.controller';
import { healthOptions } from './health-options';
import type { HealthOptions } from './health-options';

/** `GET /health/live`, `/health/ready` and `/metrics` of a service. */
@Module({})
export class HealthModule {
  /** To be imported once, by the service's root module. */
  static register(options: HealthOptions): DynamicModule {
    return { module: HealthModule, controllers: [HealthController], providers: [{ provide: healthOptions, useValue: options }] };
  }
}
