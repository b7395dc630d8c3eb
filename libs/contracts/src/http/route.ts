import type { ErrorCode } from '@kkm/core';
import type { z } from 'zod';
import type { Scope } from './api-keys.contract';
import type { ComponentName } from './components';

/** One successful answer of a route. */
export interface RouteAnswer {
  readonly description: string;
  /** Its JSON body; null: none, or not JSON. */
  readonly body: ComponentName | null;
  /** Set where the body is not JSON. */
  readonly contentType?: string;
  /** A further content type, text for people, that is given when asked for. */
  readonly alsoAs?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A header that a route reads. */
export interface RouteHeader {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly example: string;
}

/** One route: what the OpenAPI document says, and what the door enforces. A route that is not in the table is not served. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path template as OpenAPI writes it: `/v1/payments/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /**
   * `public`: without a key. `signature`, `password`: without a key; what is sent proves its sender, and the rate is limited by address. `any-key`: any valid key, any
   * user. `session`: a user who is signed in, no key. Else a key or a user with one of these scopes.
   */
  readonly access: 'public' | 'signature' | 'password' | 'any-key' | 'session' | readonly Scope[];
  readonly query?: z.ZodObject;
  readonly headers?: readonly RouteHeader[];
  readonly body?: ComponentName;
  /** The body is taken as it is, whatever its content type: its bytes are signed. */
  readonly rawBody?: true;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Codes besides those every route can give. */
  readonly errors: readonly ErrorCode[];
}
