import type { Bar } from '../count/doubts';
import { escaped } from './html';

const row = { height: 24, labelWidth: 110, barWidth: 420 } as const;

/** The histogram as inline SVG, one row per stretch of time. Bars beyond the promise stand out. */
export function histogramPicture(bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rows = bars.map((bar, index) => {
    const y = index * row.height;
    const width = Math.round((bar.count / most) * row.barWidth);
    const tone = bar.fromMs < 5_000 ? 'good' : bar.fromMs < 30_000 ? 'slow' : 'late';
    return [
      `<text x="${row.labelWidth - 8}" y="${y + 16}" text-anchor="end">${escaped(nameOf(bar))}</text>`,
      `<rect class="${tone}" x="${row.labelWidth}" y="${y + 4}" width="${width}" height="${row.height - 8}"/>`,
      `<text x="${row.labelWidth + width + 6}" y="${y + 16}">${bar.count}</text>`,
    ].join('');
  });
  const width = row.labelWidth + row.barWidth + 60;
  return `<svg viewBox="0 0 ${width} ${bars.length * row.height}" width="${width}" role="img" aria-label="Histogram of the times to resolve a doubt">${rows.join('\n')}</svg>`;
}

function nameOf({ fromMs, toMs }: Bar): string {
  return toMs === null ? `over ${said(fromMs)}` : `${said(fromMs)} – ${said(toMs)}`;
}

function said(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}
