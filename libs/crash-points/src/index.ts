export { armedPoints, armedText } from './armed-points';
export type { Reach } from './armed-points';
export { crashPoints } from './crash-points';
export type { CrashPoint } from './crash-points';
export { withCrashPoints } from './with-crash-points';
export type { Steps } from './with-crash-points';
