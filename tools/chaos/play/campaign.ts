import type { Payment, Verdict } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import { startStack } from '../../stack/start-stack';
import type { Stack } from '../../stack/start-stack';
import { monotonicMs, pause } from '../../bench/measure/clock';
import type { ChaosConfig } from '../chaos.config';
import type { Away } from '../count/doubts';
import { grantedAttempts } from '../count/facts';
import type { BankTransaction, ParkedMessage, Strike } from '../count/facts';
import { faultHits, missed, strikeHits } from '../count/hits';
import { personalityOf } from '../plan/counter-plan';
import { Guests } from '../plan/guests';
import { Seeded } from '../plan/seeded';
import { oneMore, planStrikes } from '../plan/strikes';
import type { PlannedStrike, StrikeKind, Track } from '../plan/strikes';
import { Caller } from './caller';
import { Counter } from './counter';
import { GuardedProcess } from './guarded-process';
import { Load } from './load';
import { readParked } from './parked';
import { PaymentFeed } from './payment-feed';
import { Person } from './person';
import { Screens } from './screens';
import { Servers } from './servers';
import { strikeDown } from './strike-down';
import type { Field } from './strike-down';
import { Ways } from './ways';

/** Every terminal of a run speaks this protocol. */
const driver = driverNamed('inpas-sa');

/** An attempt's id as the terminals, and the bank's books behind them, carry it. */
export function referenceOf(attemptId: string): string {
  return driver.reference(attemptId);
}

/** What a campaign is run with. */
export interface CampaignOptions {
  readonly config: ChaosConfig;
  readonly seed: number;
  /** How long guests come, at least; on a machine too slow for the schedule at most twice as long. */
  readonly seconds: number;
  /** For logs and journals. */
  readonly directory: string;
  /** Says how far it is, as often as it likes. */
  readonly tell: (standing: string) => void;
}

/** Everything a campaign saw, to be counted. */
export interface Seen {
  readonly payments: readonly Payment[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly bank: readonly BankTransaction[];
  readonly parked: readonly ParkedMessage[];
  readonly strikes: readonly Strike[];
  readonly away: readonly Away[];
  readonly load: Load;
  readonly feed: PaymentFeed;
  readonly repeats: number;
  /** Services that ended without having been struck, and how. */
  readonly ownEnds: readonly string[];
  /** What did not come back or come to rest. */
  readonly troubles: readonly string[];
  /** How long guests came. */
  readonly loadSeconds: number;
}

const terminals = 16;
const workers = 2;
/** After the load everything is whole again, and has so long to come to rest: longer than a payment may wait for its turn. */
const restMsMax = 75_000;
/** Callers whose request nobody has answered by then give up. */
const callersStayMs = 30_000;
const tellEveryMs = 1_000;
/** What happened so long ago is in the feed, unless the feed itself is struck. */
const feedLagMs = 1_000;

/** Starts a KKM of its own, lets guests pay and things break for a while, heals everything, waits for rest, and returns what was seen. */
export async function runCampaign(options: CampaignOptions): Promise<Seen> {
  const { config, directory } = options;
  const ways = new Ways();
  options.tell('starting services');
  const environment = { KKM_VT_CARD_WAIT_MS: '2000', KKM_VT_WAIT_EVERY_MS: '500' };
  const stack = await startStack({ infrastructure: config, directory, terminals, workers, ways, environment });
  try {
    return await new Campaign(options, stack, ways).run();
  } finally {
    await stack.remove();
    await ways.close();
  }
}

/** One campaign on a running stack. */
class Campaign {
  private readonly callersLeave = new AbortController();
  private readonly caller: Caller;
  private readonly feed: PaymentFeed;
  private readonly counter: Counter;
  private readonly screens: Screens;
  private readonly person: Person;
  private readonly load: Load;
  private readonly field: Field;
  private readonly strikes: Strike[] = [];
  private readonly troubles: string[] = [];

  constructor(
    private readonly options: CampaignOptions,
    private readonly stack: Stack,
    ways: Ways,
  ) {
    const { seed, config } = options;
    const terminalIds = stack.terminals.map(({ id }) => id);
    this.counter = new Counter(stack.virtualTerminal.url);
    this.screens = new Screens(this.counter);
    this.caller = new Caller(stack.gateway.url, stack.apiKey, this.callersLeave.signal);
    this.feed = new PaymentFeed(this.caller);
    this.person = new Person({ caller: this.caller, feed: this.feed, counter: this.counter, referenceOf });
    const around = { siteId: stack.siteId, caller: this.caller, feed: this.feed, counter: this.counter };
    this.load = new Load(around, terminalIds, new Guests(new Seeded(seed)), new Seeded(seed + 1));
    this.field = {
      gateway: new GuardedProcess(stack.gateway),
      ledger: new GuardedProcess(stack.ledger),
      workers: stack.workers.map((worker) => new GuardedProcess(worker)),
      servers: new Servers(config.stateFile),
      ways,
      screens: this.screens,
      terminalIds,
    };
  }

  async run(): Promise<Seen> {
    for (const id of this.field.terminalIds) await this.counter.behave(id, { auto: 'approve', delayMs: 0, faults: [], personality: personalityOf(id) });
    this.feed.start();
    this.screens.start();
    this.person.start();
    for (const service of this.services()) service.watch();
    const telling = setInterval(() => this.options.tell(this.standing()), tellEveryMs);
    try {
      const loadSeconds = await this.loadAndStrike();
      await this.rest();
      return await this.gather(loadSeconds);
    } finally {
      clearInterval(telling);
    }
  }

  private services(): readonly GuardedProcess[] {
    const { gateway, ledger, workers: guarded } = this.field;
    return [gateway, ledger, ...guarded];
  }

  /** Guests come for the time of the run, and until every kind of strike has hit and every fault was shown; returns for how many seconds that was. */
  private async loadAndStrike(): Promise<number> {
    const { seconds } = this.options;
    const beganAtMs = monotonicMs();
    const spent = (): number => (monotonicMs() - beganAtMs) / 1_000;
    let striking = true;
    const strikes = this.strikeAll(() => spent() < seconds * 2).finally(() => {
      striking = false;
    });
    const shownAll = (): boolean => missed(faultHits(this.load.shown, seconds)).length === 0;
    await this.load.come(() => spent() >= seconds && ((!striking && shownAll()) || spent() >= seconds * 2));
    const loadSeconds = spent();
    await strikes;
    return loadSeconds;
  }

  private async strikeAll(isTime: () => boolean): Promise<void> {
    const { seconds, seed } = this.options;
    const seeded = new Seeded(seed + 2);
    const beganAtMs = monotonicMs();
    const follow = async (track: Track): Promise<void> => {
      for (const planned of track) {
        await pause(Math.max(0, beganAtMs + planned.atMs - monotonicMs()));
        if (isTime()) await this.strikeOnce(planned);
      }
    };
    await Promise.all(planStrikes(seconds, seeded).map(follow));
    for (let short = await this.missedStrikes(); short.length > 0 && isTime(); short = await this.missedStrikes())
      for (const kind of short) if (isTime()) await this.strikeOnce(oneMore(kind, seconds, seeded));
  }

  /** Kinds of strike that have not hit often enough, as far as the feed tells. */
  private async missedStrikes(): Promise<readonly StrikeKind[]> {
    await pause(feedLagMs);
    const attempts = grantedAttempts(this.feed.payments(), this.feed.inDoubtSince());
    return missed(strikeHits(this.strikes, attempts, this.options.seconds)).map(({ what }) => what);
  }

  private async strikeOnce(planned: PlannedStrike): Promise<void> {
    try {
      const strike = await strikeDown(planned, this.field);
      if (strike) this.strikes.push(strike);
    } catch (error) {
      this.troubles.push(`${planned.kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Everything is whole; waits until the last guest has left and no payment is on its way. */
  private async rest(): Promise<void> {
    await Promise.all(this.services().map((service) => service.release()));
    const givingUp = setTimeout(() => this.callersLeave.abort(), callersStayMs);
    const deadline = monotonicMs() + restMsMax;
    const left = this.load.leave().then(() => true);
    left.catch(() => undefined); // Heard below, unless the time is over.
    while (!(await Promise.race([left, pause(200).then(() => false)])) && monotonicMs() < deadline);
    clearTimeout(givingUp);
    this.callersLeave.abort();
  }

  private async gather(loadSeconds: number): Promise<Seen> {
    const { stack, options, load, feed } = this;
    await this.person.stop();
    await this.screens.stop();
    await feed.stop();
    const [payments, bank] = [await this.caller.payments(stack.siteId), await this.counter.transactions()];
    const verdicts = await this.caller.verdicts(payments.map(({ id }) => id));
    const parked = await readParked(this.caller, options.config.amqpManagementUrl, stack.place.vhost);
    const ownEnds = this.services().flatMap(({ name, ownEnds: ends }) => ends.map((how) => `${name}: ${how}`));
    const { strikes, troubles } = this;
    return { payments, verdicts, bank, parked, strikes, away: this.screens.away(), load, feed, repeats: this.caller.repeats, ownEnds, troubles, loadSeconds };
  }

  private standing(): string {
    const { open, inDoubt } = this.feed.unfinished();
    const charged = this.feed.payments().filter(({ status }) => status === 'succeeded').length;
    const fired = this.load.shown.filter((shown) => shown.fired).length;
    return `${this.load.acknowledged.size} payments, ${charged} charged, ${open} open, ${inDoubt} in doubt; ${fired} faults, ${this.strikes.length} strikes`;
  }
}
