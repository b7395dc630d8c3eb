import type { TerminalView } from '../src/terminal-view';
import type { Language, Texts } from './texts';

/** What every part of the page is made from. */
export interface PageContext {
  readonly language: Language;
  readonly texts: Texts;
  /** Does something to the chosen terminal and shows it; a refusal is told in words. */
  act(what: (id: string) => Promise<TerminalView>): void;
}

/** A part of the page that follows the chosen terminal. */
export interface Part {
  readonly root: HTMLElement;
  show(terminal: TerminalView): void;
}
