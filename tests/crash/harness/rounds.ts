import type { CrashPoint } from '@kkm/crash-points';
import { answers, doubtful, guests, heard, told, unpaid, unplugged } from './answers';
import type { Answer } from './answers';

/**
 * How payments are brought to a crash point.
 * `pay`: they are asked for over HTTP. `message`: by message. `redo`, `cancel`: after that, the payment is redone, or cancelled while it runs.
 * `end`: as `pay`; the point is armed when the terminals work. `start`: they wait in their queues while a worker starts.
 * `recover`: their worker was killed when the bytes had gone out. `expire`: the gateway was killed before it published their commands.
 * `resolve`: a person decides what is in doubt while the terminal cannot be reached, and is right; `contradict`: and is wrong.
 * `switch`: as `cancel`, but the cashier asks for the other method, and who is shown a QR then scans it. `switch back`: the cashier asks for the card while the QR is shown.
 * `leave`: the guest presses the cancel key at the card and is shown a QR. `leave back`: the guest presses it at the QR and is asked for a card.
 * `scan`: they are by a bank's QR, and guests scan or do not. `scan late`: a QR is paid after its bank confirmed its end. `refund`: a part of what a QR brought is given back.
 * `check`: they are checks of the KkmServer door, each charged on its terminal.
 * `close`: they have ended, and are closed. `abandon`: every worker was killed, theirs when the bytes had gone out.
 */
export type Way =
  | 'pay'
  | 'message'
  | 'redo'
  | 'cancel'
  | 'end'
  | 'start'
  | 'recover'
  | 'expire'
  | 'resolve'
  | 'contradict'
  | 'close'
  | 'check'
  | 'abandon'
  | 'switch'
  | 'switch back'
  | 'leave'
  | 'leave back'
  | 'scan'
  | 'scan late'
  | 'refund';

/** The services that are killed. */
export type Victim = 'gateway' | 'ledger' | 'worker';

/** One crash that several payments die in, each on a terminal that answers in its own way. */
export interface Round {
  readonly point: CrashPoint;
  readonly way: Way;
  readonly answers: readonly Answer[];
  /** How many of them are wanted at the point before the process dies; 1 where the step is no payment's own. */
  readonly arrivals: number;
  /**
   * Whether what was under way comes again to the same process. A worker: it comes back itself, or another one takes over. The gateway: the caller repeats
   * the request, or gives up. The ledger: it is back at once, or only when the calls under way have been given up. A message the broker always brings again.
   */
  readonly redelivered: boolean;
}

type Row = readonly [way: Way, arriving?: readonly Answer[], arrivals?: number];

const all: Row = ['pay'];
const once = (way: Way, arriving: readonly Answer[] = answers): Row => [way, arriving, 1];
const ended: readonly Row[] = [
  ['pay', heard],
  ['pay', doubtful],
];

const decided: Row = ['resolve', Object.keys(unplugged) as Answer[]];
const scanned: Row = ['scan', guests];
const shown: Row = ['scan', told];
const cancelled: Row = ['scan', unpaid];
const late: Row = ['scan late', ['scans too late']];
const refunded: Row = ['refund', ['scans']];
const checked: Row = ['check'];
const receipted: Row = ['check', ['approves', 'charges and never answers', 'answers late']];
const changedBack: Row = ['switch back'];
const left: Row = ['leave', told];
const leftBack: Row = ['leave back'];
const contradicted: Row = ['contradict', ['charges and never answers']];

/** By which ways each point is reached, and by which answers. */
export const waysTo: Readonly<Record<CrashPoint, readonly Row[]>> = {
  'gateway.ingress:before': [['message']],
  'gateway.ingress:after': [['message']],
  'gateway.open:before': [all],
  'gateway.open:after': [all],
  'gateway.redo:before': [['redo']],
  'gateway.redo:after': [['redo']],
  'gateway.command:sent': [all, ['redo'], ['message']],
  'gateway.command:after': [all, ['redo'], ['message']],
  'gateway.cancel:before': [['cancel']],
  'gateway.cancel:after': [['cancel']],
  'gateway.switch:before': [['switch'], changedBack],
  'gateway.switch:after': [['switch'], changedBack],
  'gateway.resolution:before': [decided],
  'gateway.resolution:after': [decided],
  'gateway.close:before': [['close']],
  'gateway.close:after': [['close']],
  'gateway.notification:before': [['scan', ['scans']], late],
  'gateway.notification:after': [['scan', ['scans']], late],
  'gateway.refund:before': [refunded],
  'gateway.refund:after': [refunded],

  'gateway.check-taken:before': [checked],
  'gateway.check-taken:after': [checked],
  'gateway.check-written:before': [checked],
  'gateway.check-written:after': [checked],
  'gateway.check-receipt:before': [receipted],
  'gateway.check-receipt:after': [receipted],
  'gateway.check-followed:before': [receipted],
  'gateway.check-followed:after': [receipted],

  'ledger.open:before': [all],
  'ledger.open:after': [all],
  'ledger.redo:before': [['redo']],
  'ledger.redo:after': [['redo']],
  'ledger.lease:before': [once('start')],
  'ledger.lease:after': [once('start')],
  'ledger.permit:before': [all, leftBack],
  'ledger.permit:after': [all, leftBack],
  'ledger.take-over:before': [['recover']],
  'ledger.take-over:after': [['recover']],
  'ledger.result:before': [all, ['recover'], left],
  'ledger.result:after': [all, ['recover'], left],
  'ledger.cancel:before': [['cancel']],
  'ledger.cancel:after': [['cancel']],
  'ledger.switch:before': [['switch'], changedBack],
  'ledger.switch:after': [['switch'], changedBack],
  'ledger.expiry:before': [once('expire')],
  'ledger.expiry:after': [once('expire')],
  'ledger.resolution:before': [decided],
  'ledger.resolution:after': [decided],
  'ledger.close:before': [['close']],
  'ledger.close:after': [['close']],
  'ledger.late-money:before': [contradicted, late],
  'ledger.late-money:after': [contradicted, late],
  'ledger.baseline:before': [once('start')],
  'ledger.baseline:after': [once('start')],
  'ledger.qr-asked:before': [scanned, left],
  'ledger.qr-asked:after': [scanned, left],
  'ledger.bank-create:sent': [scanned, left],
  'ledger.bank-create:after': [shown, left],
  'ledger.qr-open:before': [shown, left],
  'ledger.qr-open:after': [shown, left],
  'ledger.qr-ending:before': [cancelled, changedBack, leftBack],
  'ledger.qr-ending:after': [cancelled, changedBack, leftBack],
  'ledger.bank-cancel:after': [cancelled, changedBack, leftBack],
  'ledger.qr-settled:before': [scanned, late, changedBack, leftBack],
  'ledger.qr-settled:after': [scanned, late, changedBack, leftBack],
  'ledger.refund:before': [refunded],
  'ledger.refund:after': [refunded],
  'ledger.bank-refund:before': [refunded],
  'ledger.bank-refund:sent': [refunded],
  'ledger.bank-refund:after': [refunded],
  'ledger.errand:after': [once('abandon'), once('leave', told), once('leave back')],
  'ledger.event:before': [once('end')],
  'ledger.event:after': [once('end')],
  'ledger.event:marked': [once('end')],

  'worker.delivery:before': [all],
  'worker.delivery:after': ended,
  'worker.delivery:acked': ended,
  'worker.lease:before': [once('start')],
  'worker.lease:after': [once('start')],
  'worker.link:before': [once('start')],
  'worker.link:after': [once('start')],
  'worker.link-test:after': [all],
  'worker.permit:before': [all, leftBack],
  'worker.permit:sent': [all, leftBack],
  'worker.permit:after': [all, leftBack],
  'worker.begun:before': [all, leftBack],
  'worker.begun:after': [all, leftBack],
  'worker.sale:sent': [all, leftBack],
  'worker.qr:before': [scanned, left, leftBack],
  'worker.qr:sent': [scanned, left, leftBack],
  'worker.qr:after': [scanned, left, leftBack],
  'worker.qr-display:sent': [shown, left],
  'worker.answered:before': [all, left],
  'worker.answered:after': [all, left],
  'worker.result:before': [['pay', heard], left],
  'worker.result:sent': [['pay', heard], left],
  'worker.result:after': [['pay', heard], left],
  'worker.finish:before': [...ended, left],
  'worker.finish:after': [...ended, left],
  'worker.doubt:before': [['pay', doubtful]],
  'worker.doubt:sent': [['pay', doubtful]],
  'worker.doubt:after': [['pay', doubtful]],
  'worker.in-doubt:before': [['pay', doubtful]],
  'worker.in-doubt:after': [['pay', doubtful]],
  'worker.take-over:after': [['recover']],
  'worker.last-result:after': [['recover']],
  'worker.report:after': [['recover']],
  'worker.recovered:before': [['recover']],
  'worker.recovered:after': [['recover']],
  'worker.recovered-result:sent': [['recover']],
  'worker.recovered-result:after': [['recover']],
};

/** Every crash point by all its ways × every answer that gets there × redelivered or not. */
export function allRounds(): readonly Round[] {
  return (Object.keys(waysTo) as CrashPoint[]).flatMap((point) =>
    waysTo[point].flatMap((row) => [true, false].map((redelivered) => roundOf(point, row, redelivered))),
  );
}

/** The process that a point belongs to. */
export function victimOf(point: CrashPoint): Victim {
  const [name] = point.split('.');
  return name === 'gateway' || name === 'ledger' ? name : 'worker';
}

/** A name for reports and tests, unique among all rounds. */
export function titleOf({ point, way, redelivered, ...round }: Round): string {
  const who = round.answers.length === answers.length ? 'all answers' : round.answers.join(', ');
  return `${point} by way of "${way}", ${redelivered ? 'redelivered' : 'not redelivered'}: ${who}`;
}

function roundOf(point: CrashPoint, [way, arriving = answers, arrivals = arriving.length]: Row, redelivered: boolean): Round {
  return { point, way, answers: arriving, arrivals, redelivered };
}
