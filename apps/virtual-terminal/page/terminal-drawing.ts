import type { TerminalView } from '../src/terminal-view';
import { pictureOf } from './calls';
import { element, write } from './elements';
import type { PageContext, Part } from './page-context';

const drawn = 'http://www.w3.org/2000/svg';
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '✱', '0', '#'];

/** The sign where a card is held: four waves. */
function waves(): SVGSVGElement {
  const picture = document.createElementNS(drawn, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('class', 'waves');
  picture.setAttribute('aria-hidden', 'true');
  for (const at of [0, 1, 2, 3]) {
    const wave = document.createElementNS(drawn, 'path');
    wave.setAttribute('d', `M ${5 + at * 4} ${9 - at * 2} q ${3 + at} ${3 + at * 2} 0 ${6 + at * 4}`);
    picture.append(wave);
  }
  return picture;
}

function keys(): HTMLElement {
  const all = digits.map((digit) => element('span', {}, digit));
  const coloured = (['red', 'yellow', 'green'] as const).map((colour) => element('span', { class: colour }));
  return element('div', { class: 'keys', 'aria-hidden': 'true' }, ...all, ...coloured);
}

/** Draws a PAX Q25 with a live screen, its cable, and the card that was just presented. */
export function terminalDrawing({ texts }: PageContext): Part & { readonly present: (how: 'tap' | 'insert') => void } {
  const lines = element('p', { class: 'lines' });
  const qr = element('p', { class: 'qr' });
  const picture = element('img', { alt: '', hidden: true });
  const screen = element('div', { class: 'screen', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' }, lines, picture, qr);
  const card = element('div', { class: 'bank-card', 'aria-hidden': 'true' });
  const housing = element('div', { class: 'housing' }, element('div', { class: 'brand', 'aria-hidden': 'true' }, 'PAX'), waves(), screen, keys());
  const slot = element('div', { class: 'slot', 'aria-hidden': 'true' });
  const root = element('div', { class: 'q25' }, element('div', { class: 'cable', 'aria-hidden': 'true' }), housing, slot, card);
  const show = (terminal: TerminalView): void => {
    const { state, lines: shown, qr: payload } = terminal.screen;
    root.dataset['state'] = state;
    root.dataset['plugged'] = String(terminal.plugged);
    root.dataset['linked'] = String(terminal.connected);
    screen.setAttribute('aria-label', `${texts.screenOf} ${terminal.id}: ${texts.screen[state]}`);
    write(lines, shown.join('\n'));
    write(qr, payload ?? '');
    picture.hidden = payload === null;
    if (payload === null) return picture.removeAttribute('src');
    const address = pictureOf(terminal.id, payload);
    if (picture.getAttribute('src') === address) return;
    picture.src = address;
    picture.alt = `${texts.qrOf} ${terminal.id}`;
  };
  const present = (how: 'tap' | 'insert'): void => {
    card.dataset['how'] = '';
    // The next frame begins the movement anew, also when the same is done twice.
    requestAnimationFrame(() => (card.dataset['how'] = how));
  };
  return { root, show, present };
}
