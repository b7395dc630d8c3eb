import equipment from './equipment.json';
import payments from './payments.json';
import problems from './problems.json';
import session from './session.json';
import shell from './shell.json';
import terminals from './terminals.json';
import walk from './walk.json';

export { codes } from './codes';

/** All Russian texts, by area. */
export const texts = { equipment, payments, problems, session, shell, terminals, walk } as const;
