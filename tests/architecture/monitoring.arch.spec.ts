import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@kkm/testkit';
import { root } from './checkout';

const folder = join(root, 'infra/monitoring');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const alerts = [...read('alerts.yml').matchAll(/- alert: (\w+)\n[\s\S]*?expr: (.+)\n[\s\S]*?runbook: docs\/RUNBOOK\.md#(\S+)/g)].map(
  ([, name = '', expression = '', anchor = '']) => {
    return { name, expression, anchor };
  },
);

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const dashboards = readdirSync(join(folder, 'grafana/dashboards')).map((file) => JSON.parse(read(`grafana/dashboards/${file}`)) as Dashboard);
const queries = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, targets }) => targets.map(({ expr }, index) => ({ name: `${uid}: ${title} ${index + 1}`, expression: expr }))),
);

/** Names of metrics as the sources give them; histograms have three each. */
function madeMetrics(): ReadonlySet<string> {
  const sources = spawnSync('git', ['grep', '-hoE', `'kkm_[a-z_]+'`, '--', 'apps/*.ts', 'libs/*.ts', ':!*.spec.ts'], { cwd: root, encoding: 'utf8' }).stdout;
  const names = sources.split('\n').map((line) => line.replaceAll("'", ''));
  return new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]));
}

describe('alerts and dashboards', () => {
  it('are there: eleven alerts, and the dashboards money, terminals, queues and outbox', () => {
    expect(alerts.length).toBe(read('alerts.yml').split('- alert:').length - 1);
    expect(alerts.length).toBeGreaterThanOrEqual(11);
    expect(dashboards.map(({ uid }) => uid).sort()).toEqual(['kkm-money', 'kkm-outbox', 'kkm-queues', 'kkm-terminals']);
  });

  it('ask for nothing that no service counts', () => {
    const made = madeMetrics();
    const asked = [...alerts, ...queries].flatMap(({ name, expression }) => [...expression.matchAll(/\bkkm_[a-z_]+/g)].map(([metric]) => ({ name, metric })));
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter(({ metric }) => !made.has(metric))).toEqual([]);
  });

  it('have a section of the runbook for each alert', () => {
    const headings = [...readFileSync(join(root, 'docs/RUNBOOK.md'), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading));
    expect(alerts.filter(({ anchor }) => !headings.includes(anchor))).toEqual([]);
  });

  it('have a case in which each alert fires and one in which it is silent', () => {
    const cases = read('alerts.test.yml');
    expect(alerts.filter(({ name }) => !cases.includes(`name: ${name} fires`) || !cases.includes(`name: ${name} is silent`))).toEqual([]);
  });
});

describeWith(['promtool'], 'promtool', () => {
  const promtool = (...words: string[]): { readonly status: number | null; readonly said: string } => {
    const { status, stdout, stderr } = spawnSync('promtool', words, { cwd: root, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  it('takes the configuration and the rules', () => {
    expect(promtool('check', 'config', 'infra/monitoring/prometheus.yml')).toMatchObject({ status: 0 });
  });

  it('sees every alert fire and be silent where it must', () => {
    expect(promtool('test', 'rules', 'infra/monitoring/alerts.test.yml')).toMatchObject({ status: 0, said: expect.stringContaining('SUCCESS') as string });
  });

  it('understands every query of the dashboards', () => {
    const place = mkdtempSync(join(tmpdir(), 'kkm-queries-'));
    const rules = queries.map(({ expression }, index) => ({ record: `query:${index}`, expr: expression }));
    writeFileSync(join(place, 'rules.json'), JSON.stringify({ groups: [{ name: 'queries', rules }] })); // JSON is YAML.
    const { status, said } = promtool('check', 'rules', join(place, 'rules.json'));
    rmSync(place, { recursive: true, force: true });
    expect([status, said]).toEqual([0, expect.stringContaining(`${queries.length} rules found`)]);
  });
});

/** As GitHub makes the anchor of a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}
