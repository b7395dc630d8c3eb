import { createServer } from 'node:net';

/** Ports are taken below the range the kernel gives to outgoing connections, so that none of those grabs one between the look and the use. */
const range = { from: 12_000, to: 31_000 } as const;

/** Finds `count` different TCP ports of 127.0.0.1 that nobody listens on now. */
export async function freePorts(count: number, random: () => number = Math.random): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = range.from + Math.floor(random() * (range.to - range.from));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
