import { Rejected } from '@kkm/core';
import { drivers } from '@kkm/drivers';

/**
 * Checks that KKM has the driver and that the driver takes the profile.
 * @param member the member of the body that holds the values, for the pointer of a fault.
 * @throws Rejected `request.invalid`.
 */
export function checkProfile(driver: string, values: Readonly<Record<string, unknown>>, member: 'profile' | 'values'): void {
  const known = drivers.get(driver);
  if (!known) throw invalid('#/driver', `is no driver; there are: ${[...drivers.keys()].join(', ')}`);
  try {
    known.parseProfile(values);
  } catch (error) {
    if (error instanceof Rejected) throw invalid(`#/${member}`, error.detail ?? 'is refused by the driver');
    throw error;
  }
}

function invalid(pointer: string, detail: string): Rejected {
  return new Rejected('request.invalid', { members: { errors: [{ pointer, detail }] } });
}
