import { started } from './jest-global-setup';

/** Stops the containers of this Jest run, if it started any. */
export default async function tearDown(): Promise<void> {
  await Promise.all(started.map((container) => container.stop()));
}
