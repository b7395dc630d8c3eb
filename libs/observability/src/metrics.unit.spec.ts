import { createMetrics } from './metrics';

describe('createMetrics', () => {
  it('labels every series with its service', async () => {
    const metrics = createMetrics('ledger');
    metrics.counter({ name: 'kkm_results_total', help: 'Results recorded.', labels: ['outcome'] }).inc({ outcome: 'approved' });
    expect(await metrics.registry.metrics()).toContain('kkm_results_total{outcome="approved",service="ledger"} 1');
  });

  it('gives the same metric when it is asked for twice', async () => {
    const metrics = createMetrics('ledger');
    const spec = { name: 'kkm_seconds', help: 'Seconds.' };
    metrics.histogram(spec).observe(0.02);
    metrics.histogram(spec).observe(0.02);
    expect(await metrics.registry.metrics()).toContain('kkm_seconds_count{service="ledger"} 2');
  });

  it('refuses a name that is another kind of metric', () => {
    const metrics = createMetrics('ledger');
    metrics.counter({ name: 'kkm_total', help: 'A counter.' });
    expect(() => metrics.gauge({ name: 'kkm_total', help: 'A gauge.' })).toThrow('another kind');
  });

  it('reads a collected gauge when it is asked', async () => {
    const metrics = createMetrics('ledger');
    metrics.gauge({ name: 'kkm_outbox_rows', help: 'Rows waiting.', collect: (gauge) => gauge.set(7) });
    expect(await metrics.registry.metrics()).toContain('kkm_outbox_rows{service="ledger"} 7');
  });

  it('keeps two services of one process apart', async () => {
    createMetrics('one').counter({ name: 'kkm_total', help: 'x' }).inc();
    expect(await createMetrics('two').registry.metrics()).not.toContain('kkm_total');
  });
});
