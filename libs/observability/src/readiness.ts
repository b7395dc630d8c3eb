/** What `/health/ready` answers. */
export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, boolean>>;
}

/** How long the dependencies may take to answer together. */
const patienceMs = 2_000;

/** Asks `ready` with patience: an error or silence is an answer too. */
export async function readiness(ready: () => Promise<Readonly<Record<string, boolean>>>, withinMs: number = patienceMs): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Readonly<Record<string, boolean>>>((resolve) => {
    timer = setTimeout(() => resolve({ answered: false }), withinMs);
  });
  const asked = Promise.resolve()
    .then(ready)
    .catch(() => ({ answered: false }));
  const checks = await Promise.race([asked, silence]);
  clearTimeout(timer);
  return { status: Object.values(checks).every(Boolean) ? 'ok' : 'unavailable', checks };
}
