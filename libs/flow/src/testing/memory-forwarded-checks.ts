import type { BegunCommand, ForwardedChecks } from '../kkmserver/forward/forwarded-checks';
import type { RegisterName } from '../kkmserver/virtual/virtual-books';

interface Noted {
  readonly begunAtMs: number;
  readonly numberBefore: number | null;
  number: number | null;
}

/** Commands that went to registers elsewhere, in memory. */
export class MemoryForwardedChecks implements ForwardedChecks {
  private readonly registers = new Map<string, Map<string, Noted>>();

  constructor(private readonly nowMs: () => number) {}

  begin(register: RegisterName, key: string, numberBefore: number | null): Promise<BegunCommand> {
    const commands = this.of(register);
    const known = commands.get(key);
    const noted = known ?? { begunAtMs: this.nowMs(), numberBefore, number: null };
    commands.set(key, noted);
    return Promise.resolve({ first: !known, begunAtMs: noted.begunAtMs, numberBefore: noted.numberBefore, number: noted.number });
  }

  isBegun(register: RegisterName, key: string): Promise<boolean> {
    return Promise.resolve(this.of(register).has(key));
  }

  made(register: RegisterName, key: string, number: number): Promise<boolean> {
    const commands = this.of(register);
    const owner = [...commands].find(([, command]) => command.number === number)?.[0];
    const command = commands.get(key);
    if (!command || (owner !== undefined && owner !== key)) return Promise.resolve(false);
    command.number = number;
    return Promise.resolve(true);
  }

  claimed(register: RegisterName, after: number): Promise<readonly number[]> {
    const numbers = [...this.of(register).values()].flatMap(({ number }) => (number !== null && number > after ? [number] : []));
    return Promise.resolve(numbers.sort((a, b) => a - b));
  }

  private of({ siteId, registerId }: RegisterName): Map<string, Noted> {
    const name = `${siteId}/${registerId}`;
    const commands = this.registers.get(name) ?? new Map<string, Noted>();
    this.registers.set(name, commands);
    return commands;
  }
}
