import { Rejected } from '@kkm/core';
import { violatedConstraint } from '@kkm/postgres';

/** What each constraint of the schema means to the caller. A reference that does not exist reads differently when the entry referred to is deleted. */
const meanings: Readonly<Record<string, () => Rejected>> = {
  site_pkey: () => new Rejected('equipment.exists'),
  register_pkey: () => new Rejected('equipment.exists'),
  terminal_pkey: () => new Rejected('equipment.exists'),
  terminal_profile_pkey: () => new Rejected('equipment.exists'),
  register_num_device: () => new Rejected('equipment.exists', { detail: 'Another register of the site has this numDevice.' }),
  terminal_num_device: () => new Rejected('equipment.exists', { detail: 'Another terminal of the site has this numDevice.' }),
  register_site: () => new Rejected('equipment.not_found', { detail: 'There is no such site.' }),
  terminal_site: () => new Rejected('equipment.not_found', { detail: 'There is no such site.' }),
  terminal_profile_site: () => new Rejected('equipment.not_found', { detail: 'There is no such site.' }),
  terminal_profile_used: () => new Rejected('equipment.not_found', { detail: 'There is no such terminal profile.' }),
  register_terminal: () => new Rejected('equipment.not_found', { detail: 'The site has no such terminal.' }),
};

/** Runs a change; a constraint that refuses it becomes the caller's error. */
export async function refusing<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw meanings[violatedConstraint(error) ?? '']?.() ?? error;
  }
}

/** Runs a deletion; what still refers to the entry becomes `equipment.in_use`. */
export async function refusingInUse<T>(deletion: Promise<T>): Promise<T> {
  try {
    return await deletion;
  } catch (error) {
    if (violatedConstraint(error) !== null) throw new Rejected('equipment.in_use');
    throw error;
  }
}
