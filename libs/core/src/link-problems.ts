/** Why a link test failed, as far as somebody can do something about it. */
export const linkProblems = [
  'no_worker',
  'terminal_unreachable',
  'terminal_silent',
  'terminal_busy',
  'host_unreachable',
  'settings_refused',
  'terminal_fault',
] as const;
/** One of {@link linkProblems}. */
export type LinkProblem = (typeof linkProblems)[number];

interface Words {
  readonly en: string;
  readonly ru: string;
}

/** What a person reads about a failed link test: what it is, and what to do. */
export const linkProblemTexts: Readonly<Record<LinkProblem, { readonly title: Words; readonly remedy: Words }>> = {
  no_worker: {
    title: { en: 'No worker of the café took the test', ru: 'Ни один обработчик клуба не взял проверку' },
    remedy: {
      en: 'See that the terminal worker runs in the café and reaches the broker; where a payment runs, wait for its end. Then test again.',
      ru: 'Проверьте, что в клубе запущен обработчик терминалов и есть связь с брокером; если идёт оплата, дождитесь её конца. Затем повторите.',
    },
  },
  terminal_unreachable: {
    title: { en: 'The terminal cannot be reached', ru: 'Терминал недоступен' },
    remedy: {
      en: 'Check power and cable, then address and port: they stand in the terminal’s settings. The terminal takes one connection at a time.',
      ru: 'Проверьте питание и кабель, затем адрес и порт: они указаны в настройках терминала. Терминал принимает одно соединение.',
    },
  },
  terminal_silent: {
    title: { en: 'The terminal is connected and does not answer', ru: 'Терминал подключён, но не отвечает' },
    remedy: {
      en: 'Look at its screen: it answers only when idle. Restart it if it hangs; check that driver and port are those of its payment application.',
      ru: 'Посмотрите на экран: терминал отвечает только в режиме ожидания. Если завис, перезапустите; проверьте драйвер и порт кассового приложения.',
    },
  },
  terminal_busy: {
    title: { en: 'The terminal is in use', ru: 'Терминал занят' },
    remedy: { en: 'Wait until the payment has ended, then test again.', ru: 'Дождитесь конца оплаты и повторите проверку.' },
  },
  host_unreachable: {
    title: { en: 'The terminal answers and does not reach its bank', ru: 'Терминал отвечает, но не связан с банком' },
    remedy: {
      en: 'Check the terminal’s own network; ask the bank whether the terminal is registered in its acquiring system.',
      ru: 'Проверьте сеть самого терминала; узнайте в банке, зарегистрирован ли терминал в системе эквайринга.',
    },
  },
  settings_refused: {
    title: { en: 'The settings cannot work', ru: 'С такими настройками работать нельзя' },
    remedy: {
      en: 'Correct what the text below names: driver, profile, address or port.',
      ru: 'Исправьте то, что указано ниже: драйвер, профиль, адрес или порт.',
    },
  },
  terminal_fault: {
    title: { en: 'The test did not succeed', ru: 'Проверка не удалась' },
    remedy: {
      en: 'Read the text below and test again; restart the terminal if it stays.',
      ru: 'Прочтите текст ниже и повторите; если не помогло, перезапустите терминал.',
    },
  },
};
