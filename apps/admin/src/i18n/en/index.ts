import payments from './payments.json';
import problems from './problems.json';
import session from './session.json';
import shell from './shell.json';

export { codes } from './codes';

/** All English texts, by area. */
export const texts = { payments, problems, session, shell } as const;
