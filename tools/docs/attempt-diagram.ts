import type { attemptMachine, AttemptStatus } from '@kkm/core';

/** The attempt machine as a Mermaid state diagram: one arrow per allowed happening, ends without a way out marked as ends. */
export function attemptDiagram(machine: typeof attemptMachine): string {
  const lines = ['stateDiagram-v2', '  direction LR', '  [*] --> queued'];
  for (const [from, ways] of Object.entries(machine)) {
    const byTarget = new Map<AttemptStatus, string[]>();
    for (const [happening, to] of Object.entries(ways)) byTarget.set(to, [...(byTarget.get(to) ?? []), happening]);
    for (const [to, happenings] of byTarget) lines.push(`  ${from} --> ${to}: ${happenings.join(', ')}`);
    if (byTarget.size === 0) lines.push(`  ${from} --> [*]`);
  }
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``;
}
