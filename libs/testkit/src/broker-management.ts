/** A queue as RabbitMQ's management API shows it. */
export interface ManagedQueue {
  readonly name: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Waiting and unacknowledged; a queue that was just declared has none yet. */
  readonly messages?: number;
}

/** An exchange as shown by the management API. */
export interface ManagedExchange {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
}

/** A binding as shown by the management API. */
export interface ManagedBinding {
  readonly source: string;
  readonly destination: string;
  readonly routing_key: string;
}

/** A message read through the management API. */
export interface ManagedMessage {
  readonly payload: string;
  readonly routing_key: string;
  readonly redelivered: boolean;
  readonly properties: { readonly message_id?: string; readonly user_id?: string; readonly headers?: Readonly<Record<string, unknown>> };
}

interface ManagedConnection {
  readonly name: string;
  readonly client_properties?: { readonly connection_name?: string };
}

/** RabbitMQ's management API, for what tests do to a broker behind KKM's back. */
export class BrokerManagement {
  private readonly origin: string;
  private readonly authorization: string;
  private readonly path: string;

  constructor(
    managementUrl: string,
    readonly vhost: string,
  ) {
    const url = new URL(managementUrl);
    this.origin = url.origin;
    this.authorization = `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
    this.path = encodeURIComponent(vhost);
  }

  /** All queues of the vhost. */
  async queues(): Promise<ManagedQueue[]> {
    return (await this.request('GET', `/queues/${this.path}?disable_stats=true&enable_queue_totals=true`)) as ManagedQueue[];
  }

  /** Exchanges of the vhost but RabbitMQ's own. */
  async exchanges(): Promise<ManagedExchange[]> {
    const all = (await this.request('GET', `/exchanges/${this.path}`)) as ManagedExchange[];
    return all.filter(({ name }) => name !== '' && !name.startsWith('amq.'));
  }

  /** Bindings of the vhost but those to the default exchange. */
  async bindings(): Promise<ManagedBinding[]> {
    const all = (await this.request('GET', `/bindings/${this.path}`)) as ManagedBinding[];
    return all.filter(({ source }) => source !== '');
  }

  /** Takes up to `count` messages off a queue. */
  async take(queue: string, count = 100): Promise<ManagedMessage[]> {
    return (await this.request('POST', `/queues/${this.path}/${encodeURIComponent(queue)}/get`, {
      count,
      ackmode: 'ack_requeue_false',
      encoding: 'auto',
    })) as ManagedMessage[];
  }

  /** Publishes a message that names no user, as a client may that KKM did not write. Returns whether a queue took it. */
  async publishUnsigned(exchange: string, routingKey: string, body: unknown): Promise<boolean> {
    const message = { properties: {}, routing_key: routingKey, payload: JSON.stringify(body), payload_encoding: 'string' };
    const { routed } = (await this.request('POST', `/exchanges/${this.path}/${encodeURIComponent(exchange)}/publish`, message)) as { routed: boolean };
    return routed;
  }

  /** Publishes bytes that no KKM client would send; nobody is stated as their sender. */
  async publish(message: { readonly exchange: string; readonly routingKey: string; readonly content: Buffer; readonly properties?: object }): Promise<void> {
    const { exchange, routingKey, content, properties = {} } = message;
    const body = { properties, routing_key: routingKey, payload: content.toString('base64'), payload_encoding: 'base64' };
    await this.request('POST', `/exchanges/${this.path}/${encodeURIComponent(exchange)}/publish`, body);
  }

  /** Deletes a queue under its consumers. */
  async deleteQueue(queue: string): Promise<void> {
    await this.request('DELETE', `/queues/${this.path}/${encodeURIComponent(queue)}`);
  }

  /** Names of the open connections of the vhost, or those a client named `connectionName`. */
  async connections(connectionName?: string): Promise<string[]> {
    const all = (await this.request('GET', `/vhosts/${this.path}/connections`)) as ManagedConnection[];
    return all.filter(({ client_properties }) => connectionName === undefined || client_properties?.connection_name === connectionName).map(({ name }) => name);
  }

  /** Closes connections from the broker's side, as an operator would. Waits until there is one to close, because the API shows them late. Returns how many. */
  async killConnections(connectionName?: string): Promise<number> {
    const deadline = Date.now() + 10_000;
    let names: string[] = [];
    while (names.length === 0 && Date.now() < deadline) {
      names = await this.connections(connectionName);
      if (names.length === 0)
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
    }
    await Promise.all(names.map((name) => this.request('DELETE', `/connections/${encodeURIComponent(name)}`)));
    return names.length;
  }

  /** Creates the vhost with full rights for the management user. */
  async createVhost(): Promise<void> {
    await this.request('PUT', `/vhosts/${this.path}`, {});
  }

  /** Deletes the vhost with all that is in it. */
  async deleteVhost(): Promise<void> {
    await this.request('DELETE', `/vhosts/${this.path}`);
  }

  /** Creates a user with the given rights (regular expressions) on the vhost. Users are global: give it a name of your own and delete it. */
  async createUser(name: string, password: string, rights: { readonly configure: string; readonly write: string; readonly read: string }): Promise<void> {
    await this.request('PUT', `/users/${encodeURIComponent(name)}`, { password, tags: '' });
    await this.request('PUT', `/permissions/${this.path}/${encodeURIComponent(name)}`, rights);
  }

  /** Deletes a user. */
  async deleteUser(name: string): Promise<void> {
    await this.request('DELETE', `/users/${encodeURIComponent(name)}`);
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.origin}/api${path}`, {
      method,
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    // What is to be deleted may have gone by itself.
    if (!response.ok && !(method === 'DELETE' && response.status === 404)) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return response.ok && text !== '' ? JSON.parse(text) : null;
  }
}
