import type { Registry } from 'prom-client';

/** What a service gives to be watched. */
export interface HealthOptions {
  /** Asks every dependency; `true` means it answers. A rejection or 2 s of silence counts as not ready. */
  readonly ready: () => Promise<Readonly<Record<string, boolean>>>;
  readonly registry: Registry;
}

/** Token under which Nest hands the options to the controller. */
export const healthOptions = Symbol('health options');

/** The part of a reply that is set here; both of Nest's HTTP adapters have it. */
export interface ReplyStatus {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}
