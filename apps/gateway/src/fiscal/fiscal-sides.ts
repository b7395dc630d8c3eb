import { Unavailable } from '@kkm/core';
import { VirtualRegister } from '@kkm/flow/kkmserver';
import type { FiscalRegister, VirtualBooks } from '@kkm/flow/kkmserver';
import type { RegisterRow } from '../postgres/equipment.row';
import { unitNameOf } from '../units/list-unit';
import { localTime } from '../units/local-time';
import type { FiscalSides } from '../units/site-units';

/** What fiscal sides are made over. */
export interface FiscalSideParts {
  readonly virtualBooks: VirtualBooks;
}

/** The fiscal sides of registers, by their settings. */
export function fiscalSides({ virtualBooks }: FiscalSideParts): FiscalSides {
  const virtual = (row: RegisterRow): FiscalRegister => {
    const { site_id: siteId, id: registerId, num_device: numDevice, enabled, on_receipt_failure: onReceiptFailure } = row;
    const settings = { siteId, registerId, numDevice, enabled, onReceiptFailure, unitName: unitNameOf(row) };
    return new VirtualRegister(settings, { books: virtualBooks, nowMs: () => Date.now(), local: localTime });
  };
  return {
    of: (row) => {
      if (row.fiscal.mode === 'none') return virtual(row);
      throw new Unavailable('settings.unavailable', { detail: 'Registers elsewhere are not spoken to yet.' });
    },
    described: () => Promise.resolve(null),
  };
}
