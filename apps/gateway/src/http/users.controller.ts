import { Controller, Delete, Get, HttpCode, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { changeUserBody, createUserBody, listUsersQuery, setUserPasswordBody } from '@kkm/contracts';
import type { User } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import { Users } from '../access/users';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** The people who may sign in, over HTTP. */
@Controller('v1/users')
export class UsersController {
  constructor(private readonly users: Users) {}

  /** A page, without passwords. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ users: User[]; next: string | null }> {
    const { siteId, limit, cursor } = checked(listUsersQuery, request.query, 'query:');
    return this.users.list({ siteId: siteId ?? null, limit, cursor: cursor ?? null }, callerOf(request));
  }

  /** Makes a user. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<User> {
    const user = await this.users.create(checked(createUserBody, request.body), callerOf(request));
    reply.header('location', `/v1/users/${user.id}`);
    return user;
  }

  /** One user. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<User> {
    return this.users.read(userIdOf(request), callerOf(request));
  }

  /** Changes the named members. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<User> {
    return this.users.change(userIdOf(request), checked(changeUserBody, request.body), callerOf(request));
  }

  /** Deletes for good. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.users.delete(userIdOf(request), callerOf(request));
  }

  /** Sets a new password. */
  @Put(':id/password')
  @HttpCode(204)
  setPassword(@Req() request: DoorRequest): Promise<void> {
    return this.users.setPassword(userIdOf(request), checked(setUserPasswordBody, request.body).password, callerOf(request));
  }
}

function userIdOf(request: DoorRequest): string {
  const id = request.params['id'] ?? '';
  if (!/^[A-Za-z0-9_]{1,64}$/.test(id)) throw new Rejected('user.not_found');
  return id;
}
