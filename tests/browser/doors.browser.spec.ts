import { givingAccess } from './doors/giving-access';
import { otherSites } from './doors/other-sites';
import { signingIn } from './doors/signing-in';
import { describePages } from './harness/describe-pages';

/** One KKM for all who knock at it: none of them takes a payment. */
describePages('the doors of the page', { suite: 'doors', terminals: 1 }, (pages) => {
  describe('signing in', () => signingIn(pages));
  describe('people, keys and webhooks', () => givingAccess(pages));
  describe('pages of other sites', () => otherSites(pages));
});
