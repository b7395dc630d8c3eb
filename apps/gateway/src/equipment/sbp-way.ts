import { Rejected } from '@kkm/core';
import type { SbpWay } from '@kkm/core';
import { drivers } from '@kkm/drivers';

/** How SBP is paid at a terminal, by its driver and profile. None where a worker could not drive it either: the driver is gone or refuses the profile. */
export function sbpWayOf(driver: string, values: Readonly<Record<string, unknown>>): SbpWay {
  const known = drivers.get(driver);
  if (!known) return { by: 'none' };
  try {
    return bareWay(known.parseProfile(values).sbp);
  } catch (error) {
    if (error instanceof Rejected) return { by: 'none' };
    throw error;
  }
}

/** Without what a protocol keeps there for itself. */
function bareWay(sbp: SbpWay): SbpWay {
  if (sbp.by !== 'bank_qr') return { by: sbp.by };
  const { by, windowSeconds, guestSwitch } = sbp;
  return guestSwitch === 'cancel_key' ? { by, windowSeconds, guestSwitch } : { by, windowSeconds };
}
