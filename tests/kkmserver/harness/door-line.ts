/** Where a client finds the door, and its account there. */
export interface DoorAccess {
  /** Origin. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A charge as automatic acquiring tells it within the answer to a check. */
export interface ChargeReply {
  readonly RRNCode?: string;
  readonly AuthorizationCode?: string;
  readonly Amount?: number;
  readonly Status?: number;
  readonly Error?: string;
}

/** An answer of the door with the members that clients read; each of them may be missing. */
export interface DoorReply {
  readonly Command?: string;
  readonly Status?: number;
  readonly Error?: string;
  readonly IdCommand?: string;
  readonly NumDevice?: number;
  readonly UnitName?: string;
  readonly UniversalID?: string;
  readonly Amount?: number;
  readonly Slip?: string;
  readonly ElectronicPayment?: number;
  readonly CheckNumber?: number;
  readonly SessionNumber?: number;
  readonly SessionCheckNumber?: number;
  readonly QRCode?: string;
  readonly RezultProcessing?: ChargeReply;
  readonly Rezult?: DoorReply;
}

/** How a client sends: each family has habits of its own. */
export interface SendingHabits {
  /** Default `/Execute`. */
  readonly path?: string;
  /** Null: none at all. Default JSON. */
  readonly contentType?: string | null;
  /** How long the client waits for the answer, ms. Default a minute and a half. */
  readonly limitMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The client heard nothing: its line was cut or it waited no longer. */
export class NothingHeard extends Error {}

/** One client's line to the door, which can be cut. */
export class DoorLine {
  private end = new AbortController();

  constructor(readonly access: DoorAccess) {}

  /** Sends a command and reads the answer. Throws {@link NothingHeard} when none comes, another error for anything but HTTP 200. */
  async send(command: Readonly<Record<string, unknown>>, habits: SendingHabits = {}): Promise<DoorReply> {
    const { path = '/Execute', contentType = 'application/json; charset=UTF-8', limitMs = 90_000, headers = {} } = habits;
    const { status, text } = await this.exchange(path, {
      method: 'POST',
      headers: { ...this.authorization(), ...(contentType === null ? {} : { 'content-type': contentType }), ...headers },
      body: new TextEncoder().encode(JSON.stringify(command)), // Bytes: fetch would give text a content type of its own.
      signal: AbortSignal.any([this.end.signal, AbortSignal.timeout(limitMs)]),
    });
    if (status !== 200) throw new Error(`The door answered ${status} to ${String(command['Command'])}: ${text}`);
    return JSON.parse(text) as DoorReply;
  }

  /** Nothing is heard over the line any more, not even the answers to what was sent. */
  cut(): void {
    this.end.abort();
  }

  /** The line is whole again. */
  mend(): void {
    this.end = new AbortController();
  }

  private authorization(): Readonly<Record<string, string>> {
    const { user, password } = this.access;
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }

  private async exchange(path: string, request: RequestInit): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const answer = await fetch(`${this.access.url}${path}`, request);
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new NothingHeard('No answer came.', { cause: error });
    }
  }
}
