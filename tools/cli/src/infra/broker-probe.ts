import { connect } from 'node:net';

/** The first bytes of AMQP 0-9-1 (specification, section 4.2.2). */
const protocolHeader = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);
/** A method frame on channel 0 with the method connection.start (class 10, method 10). */
const startOffsets = { frameType: 0, classId: 7, methodId: 9, end: 11 } as const;

/** Whether a broker answers the AMQP handshake on this port of the loopback address: an open port alone says nothing. */
export function answersAmqp(port: number, withinMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = Buffer.alloc(0);
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(withinMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(protocolHeader));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length >= startOffsets.end) finish(isConnectionStart(received));
    });
  });
}

function isConnectionStart(frame: Buffer): boolean {
  return frame[startOffsets.frameType] === 1 && frame.readUInt16BE(startOffsets.classId) === 10 && frame.readUInt16BE(startOffsets.methodId) === 10;
}

/** Whether the broker's management API answers with these credentials (in the URL). */
export async function answersManagement(managementUrl: string): Promise<boolean> {
  const { origin, username, password } = new URL(managementUrl);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  try {
    const answer = await fetch(`${origin}/api/whoami`, { headers: { authorization }, signal: AbortSignal.timeout(1_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // Not yet.
  }
}
