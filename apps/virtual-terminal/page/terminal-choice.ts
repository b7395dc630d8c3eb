import type { TerminalView } from '../src/terminal-view';
import { element, section, write } from './elements';
import type { PageContext } from './page-context';

interface Entry {
  readonly button: HTMLButtonElement;
  readonly state: HTMLElement;
}

/** All terminals with what their screens show; one of them is chosen. */
export function terminalChoice({ texts }: PageContext, choose: (id: string) => void) {
  const list = element('ul', { class: 'terminals' });
  const entries = new Map<string, Entry>();
  const made = (id: string): Entry => {
    const state = element('span', { class: 'state' });
    const button = element('button', { type: 'button', click: () => choose(id) }, element('span', {}, id), ' ', state);
    list.append(element('li', {}, button));
    const entry = { button, state };
    entries.set(id, entry);
    return entry;
  };
  const linkOf = ({ plugged, path, connected }: TerminalView): string => {
    if (!plugged) return texts.unplugged;
    return path !== null ? texts.pluggedIn : connected ? texts.connected : texts.alone;
  };
  const show = (terminals: readonly TerminalView[], chosen: string): void => {
    for (const terminal of terminals) {
      const { id, screen } = terminal;
      const { button, state } = entries.get(id) ?? made(id);
      write(state, `${texts.screen[screen.state]}, ${linkOf(terminal)}`);
      button.dataset['state'] = screen.state;
      if (id === chosen) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  };
  return { root: section(texts.terminals, list), show };
}
