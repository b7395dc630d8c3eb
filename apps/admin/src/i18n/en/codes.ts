import { errorCatalogue } from '@kkm/core';
import type { ErrorWordsByCode } from '../error-words';

/** English words of the error codes: those of the catalogue, but where it speaks to a program. */
export const codes: ErrorWordsByCode = {
  ...errorCatalogue,
  'request.invalid': { title: 'Something in the form is not right', remedy: 'Correct what is named below and send it again.' },
  'request.rate_limited': { title: 'Too many requests', remedy: 'Wait a little and try again.' },
  'auth.missing': { title: 'You are not signed in', remedy: 'Sign in and try again.' },
  'auth.invalid': { title: 'Your session has ended', remedy: 'Sign in and try again.' },
  'auth.forbidden': { title: 'Your role does not include this', remedy: 'Ask an administrator for it, or sign in as somebody else.' },
  'auth.locked': { title: 'Too many wrong passwords', remedy: 'Wait a little and try again.' },
  'auth.cross_site': { title: 'The request did not come from KKM’s own page', remedy: 'Open KKM’s page and try there.' },
  'user.not_found': { title: 'There is no such user', remedy: 'Load the list of people anew.' },
  'ledger.unavailable': { title: 'The ledger does not answer', remedy: 'Try again in a few seconds.' },
  'broker.unavailable': { title: 'The message broker does not answer', remedy: 'Try again in a few seconds.' },
  'settings.unavailable': { title: 'The settings cannot be read', remedy: 'Try again in a few seconds.' },
  internal: { title: 'KKM failed', remedy: 'Try again; if it stays, give the number of the request to whoever runs KKM.' },
};
