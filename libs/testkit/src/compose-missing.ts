import { spawnSync } from 'node:child_process';
import { images } from './containers';

/** A slow line may take this long for one image. */
const pullWithinMs = 180_000;

/** The images that the compose stack begins with. */
const stackImages = [images.postgres, images.rabbitmq, 'node:24-trixie-slim'];

/**
 * Why the compose stack cannot be started here; null when a Docker engine and Compose v2 answer and the images are here or can be pulled.
 * Waits for the answers: Jest must know before it collects the tests.
 */
export function composeMissing(): string | null {
  const succeeds = (words: readonly string[], withinMs = 10_000): boolean => spawnSync('docker', words, { stdio: 'ignore', timeout: withinMs }).status === 0;
  if (!succeeds(['info'])) return 'no Docker engine answers';
  if (!succeeds(['compose', 'version'])) return 'the docker command has no Compose v2';
  const absent = stackImages.find((image) => !succeeds(['image', 'inspect', image]) && !succeeds(['pull', '--quiet', image], pullWithinMs));
  return absent === undefined ? null : `the image ${absent} is not here and cannot be pulled`;
}
