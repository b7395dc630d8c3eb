import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What every metric has. Names begin with `kkm_` and end in their unit (`_seconds`, `_total`). */
export interface MetricSpec {
  readonly name: string;
  /** One sentence for the person who reads the dashboard. */
  readonly help: string;
  /** Label names. Their values must be few: a status, a reason, a terminal; never an id of a payment. */
  readonly labels?: readonly string[];
}

/** A histogram of seconds unless `buckets` says otherwise. */
export interface HistogramSpec extends MetricSpec {
  readonly buckets?: readonly number[];
}

/** A gauge; `collect` sets it at the moment it is read. */
export interface GaugeSpec extends MetricSpec {
  readonly collect?: (gauge: Gauge) => void | Promise<void>;
}

/** The metrics of one service. Asking twice for one name gives the same metric. */
export interface Metrics {
  readonly registry: Registry;
  counter(spec: MetricSpec): Counter;
  histogram(spec: HistogramSpec): Histogram;
  gauge(spec: GaugeSpec): Gauge;
}

/** From a broker hop (1 ms) to a guest who looks for the card (2 minutes). */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Makes a registry with Node's own metrics; every series carries the label `service`. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const settings = (spec: MetricSpec) => ({ name: spec.name, help: spec.help, labelNames: spec.labels ?? [], registers: [registry] });
  return {
    registry,
    counter: (spec) => known(registry, spec.name, Counter) ?? new Counter(settings(spec)),
    histogram: (spec) => known(registry, spec.name, Histogram) ?? new Histogram({ ...settings(spec), buckets: [...(spec.buckets ?? secondsBuckets)] }),
    gauge: (spec) => known(registry, spec.name, Gauge) ?? new Gauge({ ...settings(spec), ...collector(spec) }),
  };
}

/** Finds a metric made earlier; the same name as another kind of metric is a mistake. */
function known<M>(registry: Registry, name: string, kind: new (...args: never[]) => M): M | null {
  const metric: unknown = registry.getSingleMetric(name);
  if (metric === undefined) return null;
  if (metric instanceof kind) return metric;
  throw new TypeError(`The metric ${name} exists as another kind.`);
}

function collector(spec: GaugeSpec): { collect?: (this: Gauge) => void | Promise<void> } {
  const { collect } = spec;
  if (!collect) return {};
  return {
    collect() {
      return collect(this);
    },
  };
}
