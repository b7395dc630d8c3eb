/** The part of a V8 CPU profile (`node --cpu-prof`) that is read here. Times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Milliseconds of CPU spent in one place, calls out of it not counted. */
export interface Spent {
  readonly where: string;
  readonly selfMs: number;
}

/** Where a process spent its time: by package or part of KKM, and by function; the largest first. Idle time is left out. */
export function summarise(profile: CpuProfile): { readonly totalMs: number; readonly byPart: readonly Spent[]; readonly byFunction: readonly Spent[] } {
  const selfUs = new Map<number, number>();
  profile.samples.forEach((id, index) => selfUs.set(id, (selfUs.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0)));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const us = selfUs.get(id) ?? 0;
    if (us === 0 || callFrame.functionName === '(idle)' || callFrame.functionName === '(program)') continue;
    const part = partOf(callFrame.url, callFrame.functionName);
    add(parts, part, us);
    add(functions, `${callFrame.functionName || '(anonymous)'} ${part}:${callFrame.lineNumber + 1}`, us);
  }
  const total = [...parts.values()].reduce((sum, us) => sum + us, 0);
  return { totalMs: Math.round(total / 1000), byPart: ranked(parts), byFunction: ranked(functions) };
}

/** The package, the built-in module, or the part of KKM a file belongs to. */
function partOf(url: string, functionName: string): string {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'V8';
  if (url.startsWith('node:')) return url;
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)?.[1];
  return inPackage ?? /dist\/(.+)\.js$/.exec(url)?.[1] ?? url;
}

function add(sums: Map<string, number>, key: string, us: number): void {
  sums.set(key, (sums.get(key) ?? 0) + us);
}

function ranked(sums: ReadonlyMap<string, number>): Spent[] {
  return [...sums].map(([where, us]) => ({ where, selfMs: Math.round(us / 1000) })).sort((a, b) => b.selfMs - a.selfMs);
}
