import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { healthOptions } from './health-options';
import type { HealthOptions, ReplyStatus } from './health-options';
import { readiness } from './readiness';
import type { Readiness } from './readiness';

/** Answers whether the service lives and can work, and what it counted. Needs no key; shows no data of any payment. */
@Controller()
export class HealthController {
  constructor(@Inject(healthOptions) private readonly options: HealthOptions) {}

  /** The process runs and its event loop turns. */
  @Get('health/live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when everything the service depends on answers, else 503; `checks` says which do. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: ReplyStatus): Promise<Readiness> {
    const answer = await readiness(this.options.ready);
    reply.status(answer.status === 'ok' ? 200 : 503);
    return answer;
  }

  /** Prometheus text. */
  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: ReplyStatus): Promise<string> {
    const registry: Registry = this.options.registry;
    reply.header('content-type', registry.contentType);
    return registry.metrics();
  }
}
