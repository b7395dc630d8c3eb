import apiKeys from './api-keys.json';
import audit from './audit.json';
import equipment from './equipment.json';
import parked from './parked.json';
import payments from './payments.json';
import people from './people.json';
import problems from './problems.json';
import session from './session.json';
import shell from './shell.json';
import terminals from './terminals.json';
import walk from './walk.json';
import webhooks from './webhooks.json';

export { codes } from './codes';

/** All English texts, by area. */
export const texts = { apiKeys, audit, equipment, parked, payments, people, problems, session, shell, terminals, walk, webhooks } as const;
