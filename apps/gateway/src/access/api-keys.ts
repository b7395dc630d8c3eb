import { randomBytes } from 'node:crypto';
import { newId, Rejected } from '@kkm/core';
import { scopes } from '@kkm/contracts';
import type { ApiKey, Scope } from '@kkm/contracts';
import type { Sql } from '@kkm/postgres';
import { pageOfApiKeys, readApiKey, revokeApiKey, rotateApiKey, storeApiKey, storeFirstApiKey } from '../postgres/api-key.row';
import type { Authentication } from './authentication';
import type { Caller } from './caller';
import { hashOfSecret, hintOfSecret, newSecret } from './secret';

/** A key with its secret, shown once. */
export type IssuedApiKey = ApiKey & { readonly key: string };

/** Makes, rotates and revokes keys. */
export class ApiKeys {
  constructor(
    private readonly sql: Sql,
    private readonly authentication: Authentication,
  ) {}

  /** Stores the first key, with every scope, unless there is any key. */
  async bootstrap(secret: string): Promise<boolean> {
    return storeFirstApiKey(this.sql, { ...this.identity(secret), name: 'first key', siteId: null, scopes });
  }

  /** Makes a key. A site's key makes keys of its own site only. */
  async create(asked: { readonly name: string; readonly siteId: string | null; readonly scopes: readonly Scope[] }, by: Caller): Promise<IssuedApiKey> {
    if (by.siteId !== null && asked.siteId !== by.siteId) throw new Rejected('auth.forbidden', { detail: `The key can make keys of site ${by.siteId} only.` });
    const key = newSecret();
    const { name, siteId } = asked;
    return { ...(await storeApiKey(this.sql, { ...this.identity(key), name, siteId, scopes: [...new Set(asked.scopes)] })), key };
  }

  /** @throws Rejected `api_key.not_found`. */
  read(id: string, by: Caller): Promise<ApiKey> {
    return readApiKey(this.sql, id, by.siteId);
  }

  /** A page of keys, revoked ones included. */
  list(asked: { readonly cursor: string | null; readonly limit: number }, by: Caller): Promise<{ apiKeys: ApiKey[]; next: string | null }> {
    return pageOfApiKeys(this.sql, { ...asked, siteId: by.siteId });
  }

  /** Revokes a key: at once here, within a second on other replicas. */
  async revoke(id: string, by: Caller): Promise<void> {
    await revokeApiKey(this.sql, id, by.siteId);
    this.authentication.forget();
  }

  /** Gives a key a new secret; the earlier one works `graceSeconds` longer. */
  async rotate(id: string, graceSeconds: number, by: Caller): Promise<IssuedApiKey> {
    const key = newSecret();
    const { hash, hint } = this.identity(key);
    const rotated = await rotateApiKey(this.sql, { id, siteId: by.siteId, hash, hint, graceSeconds });
    this.authentication.forget();
    return { ...rotated, key };
  }

  private identity(secret: string): { readonly id: string; readonly hash: Buffer; readonly hint: string } {
    return { id: newId('key', Date.now(), (bytes) => randomBytes(bytes)), hash: hashOfSecret(secret), hint: hintOfSecret(secret) };
  }
}
