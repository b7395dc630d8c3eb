import { qrWindowSeconds, Rejected } from '@kkm/core';
import type { SbpWay } from '@kkm/core';
import { drivers } from '@kkm/drivers';

/** What a profile that says nothing means. */
const usual: SbpWay = { by: 'bank_qr', windowSeconds: qrWindowSeconds.usual };

/** How SBP is paid at a terminal, by its driver and profile. None where a worker could not drive it either: the driver is gone or refuses the profile. */
export function sbpWayOf(driver: string, values: Readonly<Record<string, unknown>>): SbpWay {
  try {
    const known = drivers.get(driver);
    if (!known) return { by: 'none' };
    const profile: object & { readonly sbp?: SbpWay } = known.parseProfile(values);
    return profile.sbp ?? usual;
  } catch (error) {
    if (error instanceof Rejected) return { by: 'none' };
    throw error;
  }
}
