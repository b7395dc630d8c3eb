import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { createApiKeyBody, listApiKeysQuery, rotateApiKeyBody } from '@kkm/contracts';
import type { ApiKey } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import { ApiKeys } from '../access/api-keys';
import type { IssuedApiKey } from '../access/api-keys';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** API keys over HTTP. */
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** A page, without secrets. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ apiKeys: ApiKey[]; next: string | null }> {
    const { limit, cursor } = checked(listApiKeysQuery, request.query, 'query:');
    return this.keys.list({ limit, cursor: cursor ?? null }, callerOf(request));
  }

  /** Makes a key and shows it once. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<IssuedApiKey> {
    const issued = await this.keys.create(checked(createApiKeyBody, request.body), callerOf(request));
    reply.header('location', `/v1/api-keys/${issued.id}`);
    return issued;
  }

  /** One key, without its secret. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<ApiKey> {
    return this.keys.read(keyIdOf(request), callerOf(request));
  }

  /** Revokes. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@Req() request: DoorRequest): Promise<void> {
    return this.keys.revoke(keyIdOf(request), callerOf(request));
  }

  /** Gives a new secret and shows it once. */
  @Post(':id/rotate')
  @HttpCode(200)
  rotate(@Req() request: DoorRequest): Promise<IssuedApiKey> {
    const { graceSeconds } = checked(rotateApiKeyBody, request.body ?? {});
    return this.keys.rotate(keyIdOf(request), graceSeconds, callerOf(request));
  }
}

function keyIdOf(request: DoorRequest): string {
  const id = request.params['id'] ?? '';
  if (!/^[A-Za-z0-9_]{1,64}$/.test(id)) throw new Rejected('api_key.not_found');
  return id;
}
