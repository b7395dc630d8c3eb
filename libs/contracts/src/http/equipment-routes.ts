import type { ErrorCode } from '@kkm/core';
import type { z } from 'zod';
import type { ComponentName } from './components';
import { listEquipmentQuery, listSitesQuery, oneOfSiteQuery } from './equipment.contract';
import type { Route } from './route';

/** What a collection of equipment differs in; its five routes are made from it. */
interface Collection {
  readonly path: string;
  readonly one: string;
  readonly noun: string;
  readonly shown: ComponentName;
  readonly page: ComponentName;
  readonly create: ComponentName;
  readonly change: ComponentName;
  readonly listQuery: z.ZodObject;
  readonly ofSite: boolean;
  readonly changeErrors: readonly ErrorCode[];
  readonly deleteErrors: readonly ErrorCode[];
}

const collections: readonly Collection[] = [
  {
    path: '/v1/sites',
    one: 'Site',
    noun: 'site',
    shown: 'Site',
    page: 'SitePage',
    create: 'CreateSite',
    change: 'ChangeSite',
    listQuery: listSitesQuery,
    ofSite: false,
    changeErrors: [],
    deleteErrors: [],
  },
  {
    path: '/v1/registers',
    one: 'Register',
    noun: 'register',
    shown: 'Register',
    page: 'RegisterPage',
    create: 'CreateRegister',
    change: 'ChangeRegister',
    listQuery: listEquipmentQuery,
    ofSite: true,
    changeErrors: ['equipment.exists'],
    deleteErrors: [],
  },
  {
    path: '/v1/terminals',
    one: 'Terminal',
    noun: 'terminal',
    shown: 'Terminal',
    page: 'TerminalPage',
    create: 'CreateTerminal',
    change: 'ChangeTerminal',
    listQuery: listEquipmentQuery,
    ofSite: true,
    changeErrors: ['equipment.exists', 'equipment.terminal_busy', 'ledger.unavailable'],
    deleteErrors: ['equipment.terminal_busy', 'ledger.unavailable'],
  },
  {
    path: '/v1/terminal-profiles',
    one: 'TerminalProfile',
    noun: 'terminal profile',
    shown: 'TerminalProfile',
    page: 'TerminalProfilePage',
    create: 'CreateTerminalProfile',
    change: 'ChangeTerminalProfile',
    listQuery: listEquipmentQuery,
    ofSite: true,
    changeErrors: ['equipment.terminal_busy', 'ledger.unavailable'],
    deleteErrors: [],
  },
];

/** Routes of sites, registers, terminals and terminal profiles. */
export const equipmentRoutes: readonly Route[] = [
  ...collections.flatMap(routesOf),
  {
    method: 'PUT',
    path: '/v1/registers/{id}/automatic-acquiring',
    operationId: 'setAutomaticAcquiring',
    tag: 'Equipment',
    summary: 'Say how a register’s payments are charged, and on which terminal; in force when this answers',
    access: ['equipment:write'],
    query: oneOfSiteQuery,
    body: 'SetAutomaticAcquiring',
    answers: { 200: { description: 'The setting.', body: 'AutomaticAcquiring' } },
    errors: ['equipment.not_found'],
  },
  {
    method: 'PUT',
    path: '/v1/registers/{id}/fiscal',
    operationId: 'setFiscal',
    tag: 'Equipment',
    summary: 'Say who makes a register’s receipts; never shows the password',
    access: ['equipment:write'],
    query: oneOfSiteQuery,
    body: 'SetFiscal',
    answers: { 200: { description: 'The setting.', body: 'Fiscal' } },
    errors: ['equipment.not_found'],
  },
];

function routesOf(collection: Collection): readonly Route[] {
  const { path, one, noun, shown, page, create, change, listQuery } = collection;
  const write = { tag: 'Equipment', access: ['equipment:write'] } as const;
  const read = { tag: 'Equipment', access: ['equipment:write', 'payments:read', 'payments:write'] } as const;
  const query = collection.ofSite ? { query: oneOfSiteQuery } : {};
  return [
    {
      ...read,
      method: 'GET',
      path,
      operationId: `list${one}s`,
      summary: `All ${noun}s the key may see`,
      query: listQuery,
      answers: { 200: { description: 'A page.', body: page } },
      errors: [],
    },
    {
      ...write,
      method: 'POST',
      path,
      operationId: `create${one}`,
      summary: `Create a ${noun}`,
      body: create,
      answers: { 201: { description: `The ${noun}.`, body: shown, headers: { Location: `Path of the ${noun}.` } } },
      errors: ['equipment.exists', 'equipment.not_found'],
    },
    {
      ...read,
      method: 'GET',
      path: `${path}/{id}`,
      operationId: `read${one}`,
      summary: `One ${noun}`,
      ...query,
      answers: { 200: { description: `The ${noun}.`, body: shown } },
      errors: ['equipment.not_found'],
    },
    {
      ...write,
      method: 'PATCH',
      path: `${path}/{id}`,
      operationId: `change${one}`,
      summary: `Change the named members of a ${noun}`,
      ...query,
      body: change,
      answers: { 200: { description: `The ${noun} as it is now.`, body: shown } },
      errors: ['equipment.not_found', ...collection.changeErrors],
    },
    {
      ...write,
      method: 'DELETE',
      path: `${path}/{id}`,
      operationId: `delete${one}`,
      summary: `Delete a ${noun} that nothing refers to`,
      ...query,
      answers: { 204: { description: 'Deleted.', body: null } },
      errors: ['equipment.not_found', 'equipment.in_use', ...collection.deleteErrors],
    },
  ];
}
