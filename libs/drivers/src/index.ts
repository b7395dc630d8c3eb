export { drivers, driverNamed } from './registry';
export type { PumpParts } from './kit/pump';
export type { Driver, DriverLog, Profile } from './kit/driver';
export type { Session, SessionEffect, SessionInput } from './kit/session';
export type { InpasProfile } from './inpas-sa/profile';
