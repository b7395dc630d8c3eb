import type { Behaviour, Fault } from '@kkm/drivers/terminals';
import { behave } from './calls';
import { choice, element, labelled, section, write } from './elements';
import type { PageContext, Part } from './page-context';

/** What stands in the field of a fault with a number until somebody writes another. */
const usual: Readonly<Partial<Record<Fault['name'], number>>> = {
  read_failures: 2,
  late_result: 10_000,
  unplug: 5_000,
  slow_bank: 8_000,
  qr_paid_after_expiry: 10_000,
  partial_approval: 10_000,
};

/** One fault: a box to tick, what it does, and its number. */
function faultRow(name: Fault['name'], { texts }: PageContext) {
  const { name: title, what } = texts.fault[name];
  const value = usual[name];
  const box = element('input', { type: 'checkbox' });
  const number = value === undefined ? null : element('input', { type: 'number', min: '1', value: String(value), 'aria-label': `${title}: ${texts.value}` });
  number?.addEventListener('input', () => (box.checked = true));
  const text = element('span', {}, element('strong', {}, title), ' ', element('small', {}, what));
  const row = element('div', { class: 'fault' }, element('label', {}, box, text), ...(number ? [number] : []));
  return { row, box, chosen: () => (box.checked ? [number ? `${name}(${number.value})` : name] : []) };
}

/** All faults to choose from. `arm` is given those that were chosen, or none when all is to be well again. */
function faultList(context: PageContext, sticky: HTMLInputElement, arm: (chosen: readonly string[]) => void): HTMLElement {
  const { texts } = context;
  const faults = (Object.keys(texts.fault) as Fault['name'][]).map((name) => faultRow(name, context));
  const armChosen = (event: Event): void => {
    event.preventDefault();
    arm(faults.flatMap(({ chosen }) => chosen()));
    for (const { box } of faults) box.checked = false;
  };
  const clear = (): void => {
    for (const { box } of [...faults, { box: sticky }]) box.checked = false;
    arm([]);
  };
  const form = element(
    'form',
    { submit: armChosen },
    element('p', { class: 'hint' }, texts.faultsHint),
    element('div', { class: 'faults' }, ...faults.map(({ row }) => row)),
    element('label', { class: 'tick' }, sticky, element('span', {}, texts.sticky)),
    element('div', { class: 'buttons' }, element('button', {}, texts.apply), element('button', { type: 'button', class: 'quiet', click: clear }, texts.clear)),
  );
  return element('details', {}, element('summary', {}, texts.faults), form);
}

/** What the guest does by himself, and what is to go wrong. */
export function behaviourForm(context: PageContext): Part {
  const { texts, act } = context;
  const auto = choice(texts.auto, Object.entries(texts.autos), () => apply());
  const delay = element('input', { type: 'number', min: '0', max: '600000', value: '300', change: () => apply() });
  const character = choice(texts.character, [['', texts.faultless], ...Object.entries(texts.characters)], () => apply());
  const kind = choice(texts.kind, Object.entries(texts.kinds), () => apply());
  const reversal = choice(texts.reversal, Object.entries(texts.reversals), () => apply());
  const sticky = element('input', { type: 'checkbox' });
  const waiting = element('p', { class: 'waiting', role: 'status' });
  const behaviour = (armed: readonly string[]) => ({
    auto: auto.select.value,
    delayMs: delay.valueAsNumber,
    character: character.select.value === '' ? null : character.select.value,
    personality: kind.select.value,
    reversal: reversal.select.value,
    faults: armed,
    sticky: sticky.checked,
  });
  let armed: readonly string[] = [];
  const apply = (): void => act((id) => behave(id, behaviour(armed)));
  const list = faultList(context, sticky, (chosen) => act((id) => behave(id, behaviour(chosen))));
  const wait = labelled(texts.delay, delay);
  let shownFor = '';
  return {
    root: section(texts.behaviour, auto.field, wait, character.field, kind.field, reversal.field, waiting, list),
    show: ({ id, behaviour: now }) => {
      armed = now.faults;
      write(waiting, now.faults.length === 0 ? texts.noFaults : `${texts.waiting} ${now.faults.map((fault) => worded(fault, context)).join(', ')}`);
      if (shownFor === id) return;
      shownFor = id; // Afterwards the fields are the person's: a look every half second must not undo what is being chosen.
      fill(now);
    },
  };

  function fill(now: Omit<Behaviour, 'faults'>): void {
    auto.select.value = now.auto;
    delay.value = String(now.delayMs);
    character.select.value = now.character ?? '';
    kind.select.value = now.personality;
    reversal.select.value = now.reversal;
    sticky.checked = now.sticky;
  }
}

/** A fault as it is armed, in the page's language. */
function worded(armed: string, { texts }: PageContext): string {
  const [, name = '', number] = /^([a-z_]+)(?:\((\d+)\))?$/.exec(armed) ?? [];
  const words = Object.entries(texts.fault).find(([known]) => known === name)?.[1].name ?? armed;
  return number === undefined ? words : `${words} (${number})`;
}
