import { Rejected } from '@kkm/core';
import { inpasSaDriver } from './inpas-sa/driver';
import type { Driver } from './kit/driver';

/** Every driver by name. A new driver is one folder and one line here. */
export const drivers: ReadonlyMap<string, Driver> = new Map([inpasSaDriver].map((driver) => [driver.name, driver]));

/** The driver of that name. Throws `Rejected('request.invalid')` when there is none. */
export function driverNamed(name: string): Driver {
  const driver = drivers.get(name);
  if (!driver) throw new Rejected('request.invalid', { detail: `There is no driver "${name}"; there are: ${[...drivers.keys()].join(', ')}.` });
  return driver;
}
