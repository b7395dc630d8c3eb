import type { VisiblePayment } from '../count/accounting';
import type { HitRow } from '../count/hits';
import type { ChaosReport } from './chaos-report';
import { histogramPicture } from './histogram-picture';
import { escaped, list, table } from './html';

const style = `
  body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1b232b; background: #fff; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #ccd3da; padding-bottom: .2rem; }
  .verdict { padding: .8rem 1rem; border-radius: 8px; font-size: 1.15rem; font-weight: 600; } .passed { background: #d7f0d0; } .failed { background: #f8d3cc; }
  table { border-collapse: collapse; margin: .6rem 0; } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #e4e9ee; vertical-align: top; }
  th { font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; } .met { color: #1c6b2a; } .missed { color: #a32613; font-weight: 600; }
  svg text { font: 13px system-ui, sans-serif; fill: #1b232b; } rect.good { fill: #58a55c; } rect.slow { fill: #e0a63a; } rect.late { fill: #c9432b; }
  details { margin: .5rem 0; } summary { cursor: pointer; } pre { background: #f3f5f7; padding: .6rem; overflow-x: auto; font-size: .85rem; }`;

/** The report for people: one page, no further files, nothing that runs. */
export function reportPage(report: ChaosReport): string {
  const { passed, seed, seconds, loadSeconds, beganAt, machine } = report;
  const verdict = passed
    ? 'Passed: nobody was charged twice and no charge was lost.'
    : `Failed: ${report.verdict
        .filter(({ met }) => !met)
        .map(({ what, measured }) => `${what}: ${measured}`)
        .join('; ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chaos campaign, seed ${seed}: ${passed ? 'passed' : 'failed'}</title><style>${style}</style></head><body>
<h1>Chaos campaign, seed ${seed}</h1>
<p class="verdict ${passed ? 'passed' : 'failed'}">${escaped(verdict)}</p>
<p>${escaped(`${Math.round(loadSeconds)} s of load (asked for: ${seconds}) on 16 terminals with 2 workers, begun ${beganAt}, on ${machine}.`)}
The same again: <code>./kkm chaos --minutes ${seconds / 60} --seed ${seed}</code></p>
${verdictPart(report)}
${accountingPart(report)}
${hitsPart(report)}
${doubtsPart(report)}
${visiblePart(report.visible)}
${othersPart(report)}
</body></html>
`;
}

function verdictPart({ verdict }: ChaosReport): string {
  const rows = verdict.map(({ what, target, measured, met }) => [what, target, measured, mark(met)]);
  return `<h2>What the run had to show</h2>${table(['', 'target', 'measured', ''], rows)}`;
}

function accountingPart({ parts, violations }: ChaosReport): string {
  const { accepted, charged, declined, cancelled, expired, failed, inDoubt, parked, unaccounted } = parts;
  const rows: [string, number][] = [
    ['accepted', accepted],
    ['= charged, once', charged],
    ['+ declined', declined],
    ['+ cancelled', cancelled],
    ['+ expired before they began', expired],
    ['+ failed, proved uncharged', failed],
    ['+ in doubt, visible to a person', inDoubt],
    ['+ parked, visible to a person', parked],
    ['+ not accounted for', unaccounted],
  ];
  const found = Object.entries(violations).filter(([, texts]: [string, readonly string[]]) => texts.length > 0);
  const lists = found.map(([name, texts]: [string, readonly string[]]) => `<h3 class="missed">${escaped(name)}</h3>${list(texts)}`);
  return `<h2>Where the payments are</h2>
<p>Judged by the virtual bank’s own books, which hold what moved money and nothing else, and by what the callers were told.</p>${table(['', 'payments'], rows)}${lists.join('')}`;
}

function hitsPart({ strikes, faults }: ChaosReport): string {
  const row = ({ what, done, live, duringRecovery, required }: HitRow) => [what, done, live, duringRecovery, required, mark(live >= required)];
  return `<h2>What was done to the system</h2>
<p>A strike counts when an attempt was granted and being driven at that moment, by the ledger’s own times, on a terminal that the strike could hurt: the terminal
whose link was cut, the terminals to which a struck worker was connected, all of them where the whole system was struck. Five hits of each kind are required, fewer
in a run below two and a half minutes: of restarts of RabbitMQ one for each 30 s, of strikes on Postgres, ledger and gateway one for each 20 s, of all else one for each 12 s.</p>
${table(['strike', 'done', 'under a live permit', 'only during a recovery', 'required', ''], strikes.map(row))}
<p>A terminal’s fault fires on the bytes of a sale, which nobody sends without a permit.</p>
${table(
  ['fault of the terminal', 'told to show', 'fired under a permit', '', 'required', ''],
  faults.map(row).map(([what, done, live, , required, met]) => [what ?? '', done ?? 0, live ?? 0, '', required ?? 0, met ?? '']),
)}`;
}

function doubtsPart({ doubtTimes, doubts }: ChaosReport): string {
  const { undisturbedMs, wholeMs, unresolved } = doubtTimes;
  const row = (what: string, times: typeof wholeMs) =>
    [what, times.p50, times.p90, times.p99, times.max].map((cell) => (typeof cell === 'number' ? Math.round(cell) : cell));
  return `<h2>How long doubts took</h2>
<p>${doubtTimes.doubts} attempts were in doubt for a while, ${unresolved} of them are still; ${doubtTimes.byPerson} more were decided by a person, as some must be: at terminals where
people also key in sales by hand, and of partial approvals on terminals that give slip text alone. The histogram shows the longest stretch in which everything that
recovery needs was there (the terminal’s link, a worker, ledger, RabbitMQ, Postgres, and the terminal done with its sale) and the outcome was not known yet.</p>
${histogramPicture(doubtTimes.histogram)}
${doubts.length === 0 ? '' : table(['milliseconds', 'p50', 'p90', 'p99', 'longest'], [row('once the link was back', undisturbedMs), row('from beginning to end', wholeMs)])}`;
}

function visiblePart(visible: readonly VisiblePayment[]): string {
  if (visible.length === 0) return '<h2>For a person to look at</h2><p>Nothing.</p>';
  return `<h2>For a person to look at</h2>${visible.map(evidenceOf).join('\n')}`;
}

function evidenceOf({ payment, why, parked, evidence, atBank }: VisiblePayment): string {
  const bank = atBank.length === 0 ? 'The bank has no sale of it.' : `The bank has ${atBank.map(({ amount, rrn }) => `${amount} with RRN ${rrn}`).join(', ')}.`;
  return `<details><summary>${escaped(`${payment.id}, ${why}: ${payment.amount} ${payment.currency} on ${payment.terminalId}. ${bank}`)}</summary>
${parked.length === 0 ? '' : list(parked.map(({ queue, reason }) => `parked from ${queue}: ${reason}`))}
${
  evidence.length === 0
    ? ''
    : table(
        ['when', 'asked', 'said', 'times'],
        evidence.map(({ at, asked, said, times }) => [at, asked, said, times]),
      )
}
<pre>${escaped(JSON.stringify(payment, null, 1))}</pre></details>`;
}

function othersPart({ others }: ChaosReport): string {
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([what, count]) => `${what} (${count})`)
      .join(', ') || 'none';
  return `<h2>What else was seen</h2>${table(
    ['', ''],
    [
      ['payments accepted a second, outages included', others.perSecond.toFixed(1)],
      ['further attempts on the same bill', others.redone],
      ['requests repeated because nobody answered', others.repeatedRequests],
      ['requests refused', counted(others.refusals)],
      ['parked messages', counted(others.parkedMessages)],
      ['services that ended without having been struck', others.ownEnds.join(', ') || 'none'],
    ],
  )}`;
}

function mark(met: boolean): { readonly html: string } {
  return { html: met ? '<span class="met">met</span>' : '<span class="missed">missed</span>' };
}
