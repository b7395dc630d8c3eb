import { spawn } from 'node:child_process';
import { chmodSync, realpathSync, symlinkSync } from 'node:fs';
import type { BindingPortInterface } from '@serialport/bindings-cpp';
import { Rejected, Unavailable } from '@kkm/core';
import type { SerialSettings, Transport } from '@kkm/core';
import { describeWith, eventually, pause, TestCable } from '@kkm/testkit';
import { openSerial } from './serial';
import { SerialTransport } from './serial-transport';
import { writeBufferBytesMax } from './socket-transport';

const line = { baudRate: 115_200, parity: 'none', stopBits: 1 } as const satisfies Omit<SerialSettings, 'kind' | 'path'>;
const nobody = 65_534;

describeWith(['socat'], 'openSerial', () => {
  let cable: TestCable;
  const open: Transport[] = [];

  beforeEach(async () => {
    cable = new TestCable();
    await cable.plug();
  });
  afterEach(async () => {
    for (const transport of open.splice(0)) await closed(transport);
    await cable.remove();
  });

  async function opened(more: Partial<SerialSettings> = {}): Promise<Transport> {
    const transport = await openSerial({ ...line, path: cable.path, ...more });
    open.push(transport);
    return transport;
  }

  it('carries bytes both ways, all of them that there are', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, at) => at);
    const far = heardAt(cable);
    const transport = await opened();
    const near = heardBy(transport);
    expect(transport.write(every)).toBe(true);
    await eventually(() => expect(far().equals(every)).toBe(true));
    cable.send(every);
    await eventually(() => expect(near().equals(every)).toBe(true));
  });

  it.each([
    ['even parity and two stop bits at 9600', { baudRate: 9_600, parity: 'even', stopBits: 2 }, ['9600', 'parenb', '-parodd', 'cstopb']],
    ['odd parity at 38400', { baudRate: 38_400, parity: 'odd' }, ['38400', 'parenb', 'parodd', '-cstopb']],
    ['what is usual', {}, ['115200', '-parenb', '-cstopb', '-crtscts', '-ixon', '-icrnl', '-echo', '-icanon', '-opost']],
  ] as const)('sets %s', async (_what, more, words) => {
    await opened(more);
    // A pseudo terminal keeps its eight data bits without parity whatever it is told, so those are read where they are kept.
    const told = (await stty(cable.path)).split(/[\s;]+/);
    expect(words.filter((word) => !told.includes(word) && !isForcedOnPty(word))).toEqual([]);
  });

  it('keeps what comes before somebody listens', async () => {
    const transport = await opened();
    cable.send('early');
    await pause(50);
    expect(heardBy(transport)().toString()).toBe('early');
  });

  it('delivers nothing that an earlier session left in the port', async () => {
    const far = heardAt(cable);
    const first = await opened();
    first.write(Buffer.from('sale'));
    await eventually(() => expect(far().toString()).toBe('sale'));
    await closed(first);
    cable.send('the result of the sale');
    await pause(50);
    const opening = opened();
    await pause(20);
    cable.send('and its rest'); // Was on its way while the port was opened.
    const near = heardBy(await opening);
    cable.send('new');
    await eventually(() => expect(near().toString()).toBe('new'));
  });

  it('sends what was written before it closes', async () => {
    const far = heardAt(cable);
    const transport = await opened();
    transport.write(Buffer.from('last words'));
    await closed(transport);
    expect(transport.write(Buffer.from('x'))).toBe(false);
    await eventually(() => expect(far().toString()).toBe('last words'));
  });

  it('tells the end once, also to who listens late', async () => {
    const transport = await opened();
    let ends = 0;
    transport.onClose(() => (ends += 1));
    transport.close();
    transport.close();
    await eventually(() => expect(ends).toBe(1));
    const late: (string | undefined)[] = [];
    transport.onClose((why) => late.push(why));
    await pause(20);
    expect([ends, late]).toEqual([1, [undefined]]);
  });

  it('takes no more than its write buffer holds when the other side does not read', async () => {
    cable.stopReading();
    const transport = await opened();
    const piece = new Uint8Array(65_536);
    let taken = 0;
    while (transport.write(piece)) {
      taken += 1;
      if (taken > 100) throw new Error('It takes everything.');
    }
    expect(taken * piece.length).toBeLessThanOrEqual(writeBufferBytesMax);
    const begun = Date.now();
    await closed(transport);
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it('ends a port that floods before anybody listens', async () => {
    const transport = await opened();
    cable.send(new Uint8Array(200_000));
    await eventually(() => expect(transport.write(Buffer.from('x'))).toBe(false));
  });

  describe('a cable that is pulled', () => {
    it('ends the transport in words, and is found again behind the same path', async () => {
      const transport = await opened();
      const before = realpathSync(cable.path);
      const why = ended(transport);
      await cable.pull();
      expect(await why).toMatch(/the cable of \/dev\/pts\/\d+ was pulled/);
      expect(transport.write(Buffer.from('x'))).toBe(false);
      await expect(opened()).rejects.toMatchObject({ code: 'terminal.unplugged', detail: expect.stringContaining(cable.path) });
      await expect(opened()).rejects.toBeInstanceOf(Unavailable);
      const other = new TestCable(); // Takes the number that has become free.
      await other.plug();
      await cable.plug();
      expect(realpathSync(cable.path)).not.toBe(before);
      const near = heardBy(await opened());
      cable.send('here again');
      await eventually(() => expect(near().toString()).toBe('here again'));
      await other.remove();
    });

    it('is noticed while bytes are being written', async () => {
      cable.stopReading();
      const transport = await opened();
      const why = ended(transport);
      transport.write(new Uint8Array(100_000));
      await cable.pull();
      expect(await why).toContain('was pulled');
    });
  });

  describe('a port that cannot be had', () => {
    it('is another program’s as long as that has it open', async () => {
      const first = await opened();
      const near = heardBy(first);
      await expect(opened()).rejects.toMatchObject({ code: 'terminal.port_busy', detail: `Another program has ${cable.path} open.` });
      await expect(opened()).rejects.toBeInstanceOf(Unavailable);
      cable.send('undisturbed');
      await eventually(() => expect(near().toString()).toBe('undisturbed'));
      await closed(first);
      await opened();
    });

    it('keeps the settings of whoever has it', async () => {
      await opened();
      const told = await stty(cable.path);
      expect(told).toContain('-cstopb');
      await expect(opened({ baudRate: 9_600, stopBits: 2 })).rejects.toMatchObject({ code: 'terminal.port_busy' });
      expect(await stty(cable.path)).toBe(told);
    });

    it('is locked against other processes', async () => {
      const other = spawn('flock', ['-n', realpathSync(cable.path), 'sh', '-c', 'echo locked; read line'], { stdio: 'pipe' });
      await new Promise((resolve) => other.stdout.once('data', resolve));
      await expect(opened()).rejects.toMatchObject({ code: 'terminal.port_busy' });
      other.stdin.end();
      await new Promise((resolve) => other.once('close', resolve));
      await opened();
    });

    it('is forbidden to a user without rights', async () => {
      const port = realpathSync(cable.path);
      const refusal = await asSomebodyWithoutRights(port, () => opened({ path: port }).catch((error: unknown) => error));
      expect(refusal).toBeInstanceOf(Rejected);
      expect(refusal).toMatchObject({ code: 'terminal.port_forbidden', detail: expect.stringContaining('EACCES') });
    });

    it.each([
      ['no port', '/dev/null'],
      ['what makes ports', '/dev/ptmx'],
      ['a file elsewhere', __filename],
    ])('is not taken for one when it is %s', async (_what, target) => {
      const path = `${cable.path}-link`;
      symlinkSync(target, path);
      await expect(opened({ path })).rejects.toMatchObject({
        code: 'terminal.port_unusable',
        detail: `${path} leads to ${realpathSync(target)}, which is no serial port.`,
      });
      await expect(opened({ path })).rejects.toBeInstanceOf(Rejected);
    });
  });
});

describe('SerialTransport', () => {
  const idle = { read: () => new Promise(() => undefined), flush: () => Promise.resolve(), close: () => Promise.resolve() };

  it('ends when the port has gone and nothing else tells', async () => {
    const transport = new SerialTransport(idle as unknown as BindingPortInterface, '/dev/shm/kkm-no-such-port');
    expect(await ended(transport)).toContain('look: /dev/shm/kkm-no-such-port has gone');
  });

  it('tells the end when the port is closed and not before', async () => {
    const steps: string[] = [];
    const close = async (): Promise<void> => {
      await pause(50);
      steps.push('closed');
    };
    const transport = new SerialTransport({ ...idle, close } as unknown as BindingPortInterface, '/dev/shm/kkm-no-such-port');
    await closed(transport);
    expect(steps).toEqual(['closed']);
  });
});

/** What the other end has sent so far. */
function heardBy(transport: Transport): () => Buffer {
  const pieces: Uint8Array[] = [];
  transport.onData((bytes) => pieces.push(bytes));
  return () => Buffer.concat(pieces);
}

function heardAt(cable: TestCable): () => Buffer {
  const pieces: Uint8Array[] = [];
  cable.onData((bytes) => pieces.push(bytes));
  return () => Buffer.concat(pieces);
}

function ended(transport: Transport): Promise<string | undefined> {
  return new Promise((resolve) => {
    transport.onClose(resolve);
  });
}

async function closed(transport: Transport): Promise<void> {
  transport.close();
  await ended(transport);
}

/** The settings of a port, as stty words them. */
async function stty(path: string): Promise<string> {
  const program = spawn('stty', ['-a', '-F', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  let told = '';
  program.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()));
  await new Promise((resolve) => program.once('close', resolve));
  return told;
}

/** Linux forces eight data bits without parity on pseudo terminals (drivers/tty/pty.c). */
function isForcedOnPty(word: string): boolean {
  return word === 'parenb';
}

/** Tries something as a user to whom the port is closed: rights do not bind root, so root becomes nobody for the time; anybody else closes the port to himself. */
async function asSomebodyWithoutRights<T>(path: string, work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (!isRoot) chmodSync(path, 0);
  if (isRoot) process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
