import { Box, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWords } from '../parts/words';
import { roundTop, slotsOf } from './chart-scale';
import type { Slot } from './chart-scale';
import type { Health } from './health';

/** One stripe of a bar. */
interface Stripe {
  readonly name: string;
  readonly color: string;
  readonly valueOf: (slot: Slot) => number;
}

/** What one chart shows. */
interface ChartProps {
  readonly title: string;
  readonly slots: readonly Slot[];
  readonly stripes: readonly Stripe[];
  readonly write: (value: number) => string;
  readonly at: (from: string) => string;
}

const height = 120;
const width = 640;

/** Courses of a period: sales by outcome, read failures, approval time. */
export function HealthCharts({ health }: { readonly health: Health }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const shared = { slots: slotsOf(health), at: health.bucket === 'hour' ? words.time : words.day };
  return (
    <Stack gap="lg">
      <BarChart
        {...shared}
        title={t('charts.sales')}
        write={words.number}
        stripes={[
          { name: t('charts.approved'), color: 'var(--mantine-color-green-6)', valueOf: ({ figures }) => figures?.approved ?? 0 },
          {
            name: t('charts.notApproved'),
            color: 'var(--mantine-color-red-6)',
            valueOf: ({ figures }) => (figures === null ? 0 : figures.sales - figures.approved),
          },
        ]}
      />
      <BarChart
        {...shared}
        title={t('figures.readFailureRate')}
        write={words.percent}
        stripes={[{ name: t('figures.readFailureRate'), color: 'var(--mantine-color-orange-6)', valueOf: ({ figures }) => figures?.readFailureRate ?? 0 }]}
      />
      <BarChart
        {...shared}
        title={t('charts.approvalP95')}
        write={words.ms}
        stripes={[{ name: t('charts.approvalP95'), color: 'var(--mantine-color-blue-6)', valueOf: ({ figures }) => figures?.approvalMs?.p95 ?? 0 }]}
      />
    </Stack>
  );
}

function BarChart({ title, slots, stripes, write, at }: ChartProps) {
  const top = roundTop(Math.max(...slots.map((slot) => stripes.reduce((sum, { valueOf }) => sum + valueOf(slot), 0))));
  const step = width / Math.max(1, slots.length);
  const [first, last] = [slots[0], slots.at(-1)];
  return (
    <figure style={{ margin: 0 }}>
      <Group component="figcaption" justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <Legend stripes={stripes} />
      </Group>
      <AxisText start={write(top)} />
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        preserveAspectRatio="none"
        role="img"
        aria-label={summaryOf({ title, slots, stripes, write, at })}
      >
        <line x1={0} x2={width} y1={height} y2={height} stroke="var(--mantine-color-dimmed)" vectorEffect="non-scaling-stroke" />
        {slots.map((slot, index) => (
          <Bar
            key={slot.from}
            slot={slot}
            stripes={stripes}
            x={index * step}
            options={{ step, top, label: `${at(slot.from)}: ${labelOf(slot, stripes, write)}` }}
          />
        ))}
      </svg>
      <AxisText start={first === undefined ? '' : at(first.from)} end={last === undefined ? '' : at(last.from)} />
    </figure>
  );
}

/** Texts at an axis: outside of the drawing, which is stretched. */
function AxisText({ start, end = '' }: { readonly start: string; readonly end?: string }) {
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap" aria-hidden>
      <Text size="xs" c="dimmed">
        {start}
      </Text>
      <Text size="xs" c="dimmed" ta="right">
        {end}
      </Text>
    </Group>
  );
}

interface BarProps extends Pick<ChartProps, 'stripes'> {
  readonly slot: Slot;
  readonly x: number;
  readonly options: { readonly step: number; readonly top: number; readonly label: string };
}

function Bar({ slot, stripes, x, options: { step, top, label } }: BarProps) {
  const heights = stripes.map(({ valueOf }) => (valueOf(slot) / top) * height);
  return (
    <g>
      <title>{label}</title>
      {stripes.map(({ name, color }, index) => (
        <rect
          key={name}
          x={x + step * 0.1}
          width={step * 0.8}
          y={height - heights.slice(0, index + 1).reduce((sum, one) => sum + one, 0)}
          height={heights[index] ?? 0}
          fill={color}
        />
      ))}
      <rect x={x} y={0} width={step} height={height} fill="transparent" />
    </g>
  );
}

function Legend({ stripes }: Pick<ChartProps, 'stripes'>) {
  if (stripes.length < 2) return null;
  return (
    <Group gap="sm">
      {stripes.map(({ name, color }) => (
        <Group key={name} gap={4}>
          <Box w={10} h={10} bg={color} aria-hidden />
          <Text size="xs">{name}</Text>
        </Group>
      ))}
    </Group>
  );
}

/** What a chart says to those who do not see it: every bucket with something in it. */
function summaryOf({ title, slots, stripes, write, at }: ChartProps): string {
  const said = slots.filter((slot) => stripes.some(({ valueOf }) => valueOf(slot) > 0)).map((slot) => `${at(slot.from)}: ${labelOf(slot, stripes, write)}`);
  return `${title}. ${said.join('; ')}`;
}

function labelOf(slot: Slot, stripes: readonly Stripe[], write: (value: number) => string): string {
  return stripes.map(({ name, valueOf }) => (stripes.length > 1 ? `${name} ${write(valueOf(slot))}` : write(valueOf(slot)))).join(', ');
}
