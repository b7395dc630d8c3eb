import type { SiteTerminals } from './ports';
import { TerminalLine, type LinePorts } from './terminal-line';
import type { TerminalSettings } from '@kkm/core';

/** The terminals of the site that this worker may serve, by id: those that are enabled now. */
export class TerminalLines {
  private readonly lines = new Map<string, TerminalLine>();
  /** Gone from the list, with something still running there: were it listed again, a second line would cut the first one's connection. */
  private readonly retiring = new Map<string, TerminalLine>();

  constructor(private readonly ports: LinePorts) {}

  find(terminalId: string): TerminalLine | null {
    return this.lines.get(terminalId) ?? null;
  }

  all(): readonly TerminalLine[] {
    return [...this.lines.values()];
  }

  /**
   * Takes the complete list of the site. A changed terminal changes when nothing runs there; one that was removed or disabled is forgotten at once,
   * takes no further attempt, and ends its connection when nothing runs there.
   */
  apply(terminals: NonNullable<SiteTerminals['terminals']>): void {
    const enabled = new Map(terminals.filter((settings) => settings.enabled).map((settings) => [settings.terminalId, settings]));
    for (const line of this.all()) if (!enabled.has(line.terminalId)) this.retire(line);
    for (const settings of enabled.values()) this.applyOne(settings);
  }

  private applyOne(settings: TerminalSettings): void {
    const { terminalId, revision } = settings;
    const line = this.lines.get(terminalId) ?? this.retiring.get(terminalId) ?? new TerminalLine(settings, this.ports);
    this.lines.set(terminalId, line);
    this.retiring.delete(terminalId);
    if (line.settings.revision !== revision) void line.configure(settings);
  }

  private retire(line: TerminalLine): void {
    this.lines.delete(line.terminalId);
    this.retiring.set(line.terminalId, line);
    void line.exclusive(() => {
      if (this.retiring.delete(line.terminalId)) line.disconnect();
      return Promise.resolve();
    });
  }
}
