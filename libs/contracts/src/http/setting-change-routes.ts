import type { Route } from './route';
import { listSettingChangesQuery } from './setting-changes.contract';

const shared = { tag: 'Equipment', access: ['equipment:write'] } as const;

/** Routes of the history of settings. Changes of a site's bank are shown to, and taken back by, holders of `admin` only. */
export const settingChangeRoutes: readonly Route[] = [
  {
    ...shared,
    method: 'GET',
    path: '/v1/setting-changes',
    operationId: 'listSettingChanges',
    summary: 'Who changed which setting when, from what to what; newest first',
    query: listSettingChangesQuery,
    answers: { 200: { description: 'A page.', body: 'SettingChangePage' } },
    errors: [],
  },
  {
    ...shared,
    method: 'POST',
    path: '/v1/setting-changes/{id}/undo',
    operationId: 'undoSettingChange',
    summary: 'Take a change back by a further change; refused when something else changed since',
    body: 'UndoSetting',
    bodyOptional: true,
    answers: { 201: { description: 'The further change.', body: 'SettingChange' } },
    errors: [
      'setting.not_found',
      'setting.changed_since',
      'setting.secret_needed',
      'equipment.not_found',
      'equipment.exists',
      'equipment.in_use',
      'equipment.terminal_busy',
      'ledger.unavailable',
    ],
  },
];
