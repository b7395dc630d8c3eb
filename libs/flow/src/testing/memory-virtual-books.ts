import type { RegisterName, VirtualBooks, VirtualChange, VirtualCheck, VirtualEntry, VirtualMade } from '../kkmserver/virtual/virtual-books';
import { freshState } from '../kkmserver/virtual/virtual-state';
import type { VirtualState } from '../kkmserver/virtual/virtual-state';

/** Virtual registers in memory. */
export class MemoryVirtualBooks implements VirtualBooks {
  private readonly states = new Map<string, VirtualState>();
  private readonly entries = new Map<string, Map<string, VirtualEntry>>();

  change(register: RegisterName, key: string, decide: (state: VirtualState) => VirtualChange): Promise<VirtualMade> {
    const name = nameOf(register);
    const entries = this.entries.get(name) ?? new Map<string, VirtualEntry>();
    const known = entries.get(key);
    if (known) return Promise.resolve({ kind: 'made', entry: known });
    const change = decide(this.states.get(name) ?? freshState);
    if (change.kind === 'refused') return Promise.resolve(change);
    this.states.set(name, change.state);
    this.entries.set(name, entries.set(key, change.entry));
    return Promise.resolve({ kind: 'made', entry: change.entry });
  }

  read(register: RegisterName): Promise<VirtualState> {
    return Promise.resolve(this.states.get(nameOf(register)) ?? freshState);
  }

  check(register: RegisterName, number: number): Promise<VirtualCheck | null> {
    const checks = [...(this.entries.get(nameOf(register))?.values() ?? [])].flatMap(({ check }) => (check ? [check] : []));
    return Promise.resolve((number === 0 ? checks.at(-1) : checks.find((check) => check.number === number)) ?? null);
  }
}

function nameOf({ siteId, registerId }: RegisterName): string {
  return `${siteId}/${registerId}`;
}
