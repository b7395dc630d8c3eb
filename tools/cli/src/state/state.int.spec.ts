import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOf } from '../processes/process-table';
import { readIdentity, sealingKey, secret, settleIdentity } from './identity';
import type { PortWishes } from './identity';
import { statePaths } from './state-paths';
import { lockHolder, releaseLock, takeLock } from './supervisor-lock';

const folder = mkdtempSync(join(tmpdir(), 'kkm-state-'));
let nextFolder = 0;
const freshPaths = () => statePaths(join(folder, String((nextFolder += 1))));
const wishes = (change: Partial<PortWishes> = {}): PortWishes => ({ wanted: {}, strict: true, note: () => undefined, ...change });

async function listenOn(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the identity of a state folder', () => {
  it('keeps its ports from start to start', async () => {
    const paths = freshPaths();
    const first = await settleIdentity(paths, wishes());
    expect(await settleIdentity(paths, wishes())).toEqual(first);
    expect(new Set(Object.values(first.ports)).size).toBe(Object.keys(first.ports).length);
    expect(Math.max(...Object.values(first.ports))).toBeLessThan(32_768);
  });

  it('replaces a remembered port that somebody else took, and says so', async () => {
    const paths = freshPaths();
    const { ports } = await settleIdentity(paths, wishes());
    const server = await listenOn(ports.api);
    const notes: string[] = [];
    const again = await settleIdentity(paths, wishes({ note: (text) => notes.push(text) }));
    server.close();
    expect(again.ports.api).not.toBe(ports.api);
    expect(again.ports.postgres).toBe(ports.postgres);
    expect(notes).toEqual([`port ${ports.api} (api) is in use by something else; another is chosen`]);
  });

  it('does not run on another port than the one that was fixed, unless it may', async () => {
    const { ports } = await settleIdentity(freshPaths(), wishes());
    const server = await listenOn(ports.api);
    await expect(settleIdentity(freshPaths(), wishes({ wanted: { api: ports.api } }))).rejects.toThrow(`KKM_API_PORT is ${ports.api}, but that port is in use`);
    const lenient = await settleIdentity(freshPaths(), wishes({ wanted: { api: ports.api }, strict: false }));
    server.close();
    expect(lenient.ports.api).not.toBe(ports.api);
  });

  it('is made anew when its file is broken', async () => {
    const paths = freshPaths();
    await settleIdentity(paths, wishes());
    writeFileSync(paths.identity, '{"id":');
    expect(readIdentity(paths)).toBeNull();
    expect((await settleIdentity(paths, wishes())).id).toMatch(/^[0-9a-f]{10}$/);
  });

  it('draws 32 bytes for the key of banks’ secrets, once, and keeps them for their owner alone', () => {
    const paths = freshPaths();
    const drawn = sealingKey(paths);
    expect(Buffer.from(drawn, 'base64url')).toHaveLength(32);
    expect(sealingKey(paths)).toBe(drawn);
    expect(statSync(join(paths.secrets, 'sealing-key')).mode & 0o777).toBe(0o600);
  });

  it('draws a secret once and keeps it for its owner alone', () => {
    const paths = freshPaths();
    const drawn = secret(paths, 'password');
    expect(drawn).toMatch(/^[0-9a-f]{48}$/);
    expect(secret(paths, 'password')).toBe(drawn);
    expect(statSync(join(paths.secrets, 'password')).mode & 0o777).toBe(0o600);
  });
});

describe('the lock of a state folder', () => {
  it('is held by one process that runs', () => {
    const paths = freshPaths();
    expect(takeLock(paths)).toBeNull();
    expect(takeLock(paths)).toEqual(markOf(process.pid));
    releaseLock(paths);
    expect(lockHolder(paths)).toBeNull();
  });

  it.each([
    ['whose holder is gone', () => JSON.stringify({ pid: spawnSync('true').pid, startTime: '1' })],
    ['whose holder’s number belongs to another process by now', () => JSON.stringify({ pid: process.pid, startTime: '1' })],
    ['that was half written', () => '{"pid":'],
  ])('is taken over from one %s', (_, content) => {
    const paths = freshPaths();
    takeLock(paths);
    writeFileSync(paths.lock, content());
    expect(lockHolder(paths)).toBeNull();
    expect(takeLock(paths)).toBeNull();
    expect(JSON.parse(readFileSync(paths.lock, 'utf8'))).toEqual(markOf(process.pid));
  });
});
