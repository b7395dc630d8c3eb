import type { TerminalView } from '../src/terminal-view';
import { bankBooks } from './bank-books';
import { behaviourForm } from './behaviour-form';
import { readBooks, readTerminals, readTotals, Refused } from './calls';
import { choice, element, write } from './elements';
import { guestControls, staffControls } from './guest-controls';
import type { PageContext, Part } from './page-context';
import { terminalChoice } from './terminal-choice';
import { terminalDrawing } from './terminal-drawing';
import { choose, languageOf, textsOf } from './texts';
import type { Language } from './texts';

const lookEveryMs = 400;
/** With many terminals a look is dear. */
const lookAtManyEveryMs = 2_000;
const many = 20;
const readBooksEveryMs = 1_000;

/** The page in one language, and how it is kept up to date. */
function pageIn(language: Language) {
  const texts = textsOf(language);
  const note = element('p', { class: 'note', role: 'alert' });
  let terminals: readonly TerminalView[] = [];
  let chosen = location.hash.slice(1);
  const context: PageContext = {
    language,
    texts,
    act: (what) => {
      what(chosen).then(
        (terminal) => {
          write(note, '');
          showAll(terminals.map((known) => (known.id === terminal.id ? terminal : known)));
        },
        (error: unknown) => write(note, error instanceof Refused ? error.message : texts.noAnswer),
      );
    },
  };
  const drawing = terminalDrawing(context);
  const parts: readonly Part[] = [drawing, guestControls(context, drawing.present), staffControls(context), behaviourForm(context)];
  const list = terminalChoice(context, (id) => {
    chosen = id;
    location.replace(`#${id}`);
    showAll(terminals);
  });
  const books = bankBooks(context);
  const showAll = (now: readonly TerminalView[]): void => {
    terminals = now;
    const terminal = now.find(({ id }) => id === chosen) ?? now[0];
    if (!terminal) return;
    chosen = terminal.id;
    list.show(now, chosen);
    for (const part of parts) part.show(terminal);
  };
  const [picture, ...controls] = parts.map(({ root }) => root);
  const root = element(
    'main',
    {},
    element('div', { class: 'column' }, list.root, ...(picture ? [picture] : [])),
    element('div', { class: 'column' }, ...controls),
    element('div', { class: 'column' }, books.root),
  );
  return { root, note, texts, showAll, showBooks: books.show };
}

/** Shows the page; choosing a language shows it anew. */
function start(): void {
  let page = pageIn(languageOf());
  const show = (): void => {
    const language = languageOf();
    page = pageIn(language);
    document.documentElement.lang = language;
    document.title = page.texts.title;
    const languages = choice(
      page.texts.language,
      [
        ['en', 'English'],
        ['ru', 'Русский'],
      ],
      (value) => {
        choose(value === 'ru' ? 'ru' : 'en');
        show();
      },
    );
    languages.select.value = language;
    document.body.replaceChildren(element('header', {}, element('h1', {}, page.texts.title), languages.field), page.note, page.root);
  };
  const look = async (): Promise<void> => {
    let waitMs = lookEveryMs;
    try {
      const terminals = await readTerminals();
      if (terminals.length > many) waitMs = lookAtManyEveryMs;
      page.showAll(terminals);
      if (page.note.textContent === page.texts.noAnswer) write(page.note, '');
    } catch {
      write(page.note, page.texts.noAnswer);
    }
    setTimeout(() => void look(), waitMs);
  };
  const readBank = async (): Promise<void> => {
    const [transactions, totals] = await Promise.all([readBooks(), readTotals()]).catch(() => [null, null] as const);
    if (transactions && totals) page.showBooks(transactions, totals);
    setTimeout(() => void readBank(), readBooksEveryMs);
  };
  show();
  void look();
  void readBank();
}

start();
