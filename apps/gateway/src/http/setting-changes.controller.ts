import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { listSettingChangesQuery, undoSettingBody } from '@kkm/contracts';
import type { SettingChange } from '@kkm/core';
import { scopeOf } from '../access/caller';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { SettingHistory } from '../equipment/stores';
import { UndoSetting } from '../equipment/undo-setting';
import { idOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** The history of settings over HTTP. */
@Controller('v1/setting-changes')
export class SettingChangesController {
  constructor(
    @Inject(stores.history) private readonly history: SettingHistory,
    private readonly undoing: UndoSetting,
  ) {}

  /** A page, newest first. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ settingChanges: SettingChange[]; next: string | null }> {
    const caller = callerOf(request);
    const { siteId, kind, id, limit, cursor } = checked(listSettingChangesQuery, request.query, 'query:');
    const filter = { siteId: siteId ?? null, kind: kind ?? null, entryId: id ?? null, cursor: cursor ?? null, limit };
    return this.history.list({ scope: scopeOf(caller), withBanks: caller.scopes.includes('admin'), ...filter });
  }

  /** Takes a change back. */
  @Post(':id/undo')
  @HttpCode(201)
  undo(@Req() request: DoorRequest): Promise<SettingChange> {
    checked(undoSettingBody, request.body ?? {});
    return this.undoing.run(idOf(request), callerOf(request), request.id);
  }
}
