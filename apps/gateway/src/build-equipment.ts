import { terminalQueues } from '@kkm/contracts';
import { terminalQueue } from '@kkm/core';
import type { CommandPublisher, Ledger, SbpLedger } from '@kkm/flow/gateway';
import type { Broker, Log } from '@kkm/messaging';
import { sqlOf } from '@kkm/postgres';
import type { openDataSource } from '@kkm/postgres';
import { sealSecret } from '@kkm/sealing';
import { checkProfile } from './equipment/check-profile';
import type { EquipmentSurroundings } from './equipment/ports';
import { UndoSetting } from './equipment/undo-setting';
import type { FiscalPasswords } from './fiscal/fiscal-passwords';
import type { GatewayParts } from './gateway.module';
import { bankHistory } from './postgres/bank-history';
import { Registers } from './postgres/registers';
import { SettingChanges } from './postgres/setting-changes';
import { Sites } from './postgres/sites';
import { TerminalProfiles } from './postgres/terminal-profiles';
import { Terminals } from './postgres/terminals';
import { SbpAccounts } from './sbp/sbp-accounts';

/** What the equipment is kept over. */
export interface EquipmentGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly broker: Broker;
  readonly commands: Pick<CommandPublisher, 'hint'>;
  readonly ledger: Pick<Ledger, 'standing'>;
  readonly sbpLedger: SbpLedger;
  readonly passwords: FiscalPasswords;
  readonly log: Log;
  readonly privateBanks: boolean;
}

/** The gateway's parts that keep settings. */
export type EquipmentParts = Pick<GatewayParts, 'sites' | 'registers' | 'terminals' | 'profiles' | 'sbpAccounts' | 'settingChanges' | 'undoSetting'>;

/** Builds the stores of sites, registers, terminals, profiles and banks, with the history of their changes. */
export function buildEquipment({ dataSource, broker, commands, ledger, sbpLedger, passwords, log, privateBanks }: EquipmentGround): EquipmentParts {
  const around: EquipmentSurroundings = {
    declareQueues: ({ siteId, terminalId }) => broker.declare([], terminalQueues(siteId, terminalId)),
    forgetQueues: ({ siteId, terminalId }) => forget(broker, terminalQueue(siteId, terminalId)),
    settingsChanged: (terminal, revision) => commands.hint(terminal, { kind: 'settings-changed', revision }),
    standing: (terminal) => ledger.standing(terminal),
    checkProfile,
  };
  const stores = {
    sites: new Sites(dataSource),
    registers: new Registers(dataSource, passwords),
    terminals: new Terminals(dataSource, around),
    profiles: new TerminalProfiles(dataSource, around),
    sbpAccounts: new SbpAccounts({ ledger: sbpLedger, seal: sealSecret, log, privateBanks, remember: bankHistory(dataSource) }),
  };
  const settingChanges = new SettingChanges(sqlOf(dataSource, 'settings.unavailable'));
  return { ...stores, settingChanges, undoSetting: new UndoSetting({ ...stores, history: settingChanges }) };
}

function forget(broker: Broker, queue: string): void {
  broker.forget(queue);
  broker.forget(`${queue}.control`);
}
