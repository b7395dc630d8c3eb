import type { CustomerAction } from '@kkm/drivers/terminals';
import { attendant, customer } from './calls';
import { choice, element, labelled, section, write } from './elements';
import type { PageContext, Part } from './page-context';

const actions: readonly CustomerAction[] = ['tap', 'insert', 'scan', 'walk_away', 'cancel'];
/** What a guest can do, by what the screen shows. */
const possible: Readonly<Record<string, readonly CustomerAction[]>> = {
  card: ['tap', 'insert', 'walk_away', 'cancel'],
  qr: ['scan', 'walk_away', 'cancel'],
};

/** A button that cannot be used now stays focused and is read out: it is marked, not switched off. */
function setUsable(button: HTMLButtonElement, usable: boolean): void {
  button.setAttribute('aria-disabled', String(!usable));
}

/** What the guest does: a card, and five buttons. `present` shows the card. */
export function guestControls({ texts, act }: PageContext, present: (how: 'tap' | 'insert') => void): Part {
  const card = choice(texts.card, Object.entries(texts.cards), () => undefined);
  const press = (action: CustomerAction): void => {
    if (action === 'tap' || action === 'insert') present(action);
    act((id) => customer(id, action, card.select.value));
  };
  const buttons = actions.map((action) => {
    const button = element('button', { type: 'button', class: action, click: () => button.ariaDisabled !== 'true' && press(action) }, texts.actions[action]);
    return { action, button };
  });
  return {
    root: section(texts.guest, card.field, element('div', { class: 'buttons' }, ...buttons.map(({ button }) => button))),
    show: ({ screen }) => {
      for (const { action, button } of buttons) setUsable(button, possible[screen.state]?.includes(action) ?? false);
    },
  };
}

/** What staff do: the cable, the switch, and the terminal's own menu. */
export function staffControls({ texts, act }: PageContext): Part {
  let plugged = true;
  const cable = element('button', { type: 'button', click: () => act((id) => attendant(id, { action: plugged ? 'pull_cable' : 'plug_in' })) });
  const restart = element('button', { type: 'button', click: () => act((id) => attendant(id, { action: 'restart' })) }, texts.restart);
  const settle = element('button', { type: 'button', click: () => act((id) => attendant(id, { action: 'settle' })) }, texts.settle);
  const amount = element('input', { type: 'number', min: '0.01', step: '0.01', value: '100', required: true });
  const keyIn = (event: Event): void => {
    event.preventDefault();
    act((id) => attendant(id, { action: 'sale', amount: Math.round(amount.valueAsNumber * 100) }));
  };
  const form = element(
    'form',
    { class: 'by-hand', submit: keyIn, 'aria-label': texts.byHand },
    labelled(texts.amount, amount),
    element('button', {}, texts.keyIn),
  );
  return {
    root: section(texts.staff, element('div', { class: 'buttons' }, cable, restart, settle), element('p', { class: 'hint' }, texts.byHand), form),
    show: (terminal) => {
      plugged = terminal.plugged;
      write(cable, plugged ? texts.pull : texts.plug);
    },
  };
}
