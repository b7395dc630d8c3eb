import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createMetrics } from './metrics';
import { HealthModule } from './health.module';

describe('HealthModule', () => {
  const checks = { broker: true };
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [HealthModule.register({ ready: () => Promise.resolve({ ...checks }), registry: createMetrics('test').registry })],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
  });
  afterAll(() => app.close());

  it('says that the process lives', async () => {
    const answer = await app.inject({ method: 'GET', url: '/health/live' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('answers 503 while a dependency does not answer, and 200 again when it does', async () => {
    checks.broker = false;
    expect((await app.inject({ method: 'GET', url: '/health/ready' })).statusCode).toBe(503);
    checks.broker = true;
    const answer = await app.inject({ method: 'GET', url: '/health/ready' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok', checks: { broker: true } }]);
  });

  it('shows its metrics as Prometheus text', async () => {
    const answer = await app.inject({ method: 'GET', url: '/metrics' });
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.body).toContain('process_cpu_user_seconds_total{service="test"}');
  });
});
