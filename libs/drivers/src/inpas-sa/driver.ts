import type { Driver } from '../kit/driver';
import { pump } from '../kit/pump';
import { parseInpasProfile } from './profile';
import { terminalReference } from './reference';
import { createInpasSession } from './session';

/** INPAS SmartSale "SA": what PAX terminals of most Russian banks speak. */
export const inpasSaDriver: Driver = {
  name: 'inpas-sa',
  parseProfile: parseInpasProfile,
  reference: terminalReference,
  converse: ({ transport, profile, timers, log }) => pump({ transport, timers, log, session: createInpasSession(parseInpasProfile(profile)) }),
};
