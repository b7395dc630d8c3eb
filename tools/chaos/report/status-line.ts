const lineEveryMs = 10_000;

/** Shows how far a run is: one moving line on a terminal, else a line now and then. */
export function statusLine(title: string): { readonly tell: (standing: string) => void; readonly end: () => void } {
  const { stderr } = process;
  const beganAtMs = performance.now();
  let toldAtMs = -Infinity;
  return {
    tell(standing) {
      const nowMs = performance.now();
      const line = `${title}: ${Math.round((nowMs - beganAtMs) / 1_000)} s, ${standing}`;
      if (stderr.isTTY) stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      else if (nowMs - toldAtMs >= lineEveryMs) {
        toldAtMs = nowMs;
        stderr.write(`${line}\n`);
      }
    },
    end() {
      if (stderr.isTTY) stderr.write('\r\u001b[K');
    },
  };
}
