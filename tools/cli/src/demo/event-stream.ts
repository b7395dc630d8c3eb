/** One server-sent event. */
export interface ServerSentEvent {
  readonly name: string;
  readonly data: string;
}

/** Takes the text of an event stream in pieces and gives whole events (HTML Living Standard, 9.2.6; lines end with LF as KKM writes them). */
export class EventStreamReader {
  private rest = '';

  /** The events that this piece completes. Comments and events without data are left out. */
  take(piece: string): readonly ServerSentEvent[] {
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const fields = block
        .split('\n')
        .map((line) => /^(\w+): ?(.*)$/.exec(line))
        .filter((match) => match !== null);
      const data = fields.filter(([, name]) => name === 'data').map(([, , value]) => value ?? '');
      const name = fields.find(([, field]) => field === 'event')?.[2] ?? 'message';
      return data.length > 0 ? [{ name, data: data.join('\n') }] : [];
    });
  }
}

/** Reads an event stream until `signal` aborts. Returns when the server has answered; events come to `onEvent` from then on. */
export async function openEventStream(
  url: string,
  options: { readonly apiKey: string; readonly signal: AbortSignal; readonly onEvent: (event: ServerSentEvent) => void },
): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${options.apiKey}`, accept: 'text/event-stream' }, signal: options.signal });
  if (!answer.ok || !answer.body) throw new Error(`GET ${url}: ${answer.status} ${await answer.text()}`);
  const reader = new EventStreamReader();
  const decoder = new TextDecoder();
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>)
      for (const event of reader.take(decoder.decode(bytes, { stream: true }))) options.onEvent(event);
  };
  read(answer.body as ReadableStream<Uint8Array>).catch(() => undefined); // Ends by the signal; a stream that breaks shows as a fact that does not come.
}
