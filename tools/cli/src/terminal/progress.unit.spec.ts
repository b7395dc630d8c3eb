import { TerminalProgress } from './progress';

function display(isTerminal: boolean) {
  const shown = { text: '', nowMs: 0 };
  const progress = new TerminalProgress({ write: (text) => (shown.text += text), isTerminal, nowMs: () => shown.nowMs });
  return { shown, progress };
}

describe('the display of progress', () => {
  it('keeps quiet about what is done at once', () => {
    const { shown, progress } = display(false);
    progress.begin('postgres', 'starting postgres');
    shown.nowMs = 200;
    progress.end('postgres', 'postgres is ready');
    progress.close();
    expect(shown.text).toBe('');
  });

  it('tells what took a second or more, with the time', () => {
    const { shown, progress } = display(false);
    progress.begin('rabbitmq', 'starting rabbitmq');
    shown.nowMs = 6_400;
    progress.end('rabbitmq', 'rabbitmq is ready');
    progress.close();
    expect(shown.text).toBe('  rabbitmq is ready (6.4 s)\n');
  });

  it('draws one line on a terminal and wipes it at the end', () => {
    const { shown, progress } = display(true);
    progress.begin('rabbitmq', 'starting rabbitmq');
    progress.note('a note');
    progress.close();
    expect(shown.text).toContain('starting rabbitmq 0 s');
    expect(shown.text).toContain('  a note\n');
    expect(shown.text.endsWith('\r\u001b[K')).toBe(true);
  });
});
