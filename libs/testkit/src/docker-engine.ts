import { request } from 'node:http';
import { dockerHost } from './test-servers.config';

const answerWithinMs = 2_000;

/** What a Docker engine on this machine can do for tests; `why` says what is missing. */
export type EngineState = { readonly kind: 'ready' } | { readonly kind: 'no-images' | 'no-engine'; readonly why: string };

/** Asks the engine, without loading Testcontainers, whether it answers and has the images. Never rejects. */
export async function askEngine(images: readonly string[]): Promise<EngineState> {
  try {
    const listed = JSON.parse(await get('/images/json')) as { readonly RepoTags?: readonly string[] | null }[];
    const tags = new Set(listed.flatMap(({ RepoTags }) => RepoTags ?? []));
    const absent = images.filter((image) => !tags.has(image));
    if (absent.length === 0) return { kind: 'ready' };
    return { kind: 'no-images', why: `the Docker engine has no image ${absent.join(', ')}; pull it first` };
  } catch {
    return { kind: 'no-engine', why: 'no Docker engine answers' };
  }
}

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...engineAddress(), path, timeout: answerWithinMs }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`The engine answered ${response.statusCode}.`))));
    });
    asked.on('timeout', () => asked.destroy(new Error('The engine is silent.')));
    asked.on('error', reject);
    asked.end();
  });
}

function engineAddress(): { readonly socketPath: string } | { readonly host: string; readonly port: number } {
  const url = new URL(dockerHost());
  return url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: Number(url.port) };
}
