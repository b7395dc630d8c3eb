import { siteUser, siteUserPrefix } from '@kkm/contracts';
import { sitesOverlap } from '@kkm/core';
import { brokerUsers, grantBrokerRights, putBrokerUser, removeBrokerUser, siteRights } from './broker-rights';
import type { BrokerAdministration } from './broker-rights';

/**
 * Makes the account of a site's workers with the rights of its own terminals alone, or renews its password and rights. Returns its name. Refuses a site whose queues
 * could not be told by name from those of a site that has an account.
 */
export async function putSiteAccount(
  administration: BrokerAdministration,
  site: { readonly siteId: string; readonly vhost: string; readonly password: string },
): Promise<string> {
  const { siteId, vhost, password } = site;
  const user = siteUser(siteId);
  const overlapping = (await brokerUsers(administration)).find(
    (name) => name.startsWith(siteUserPrefix) && sitesOverlap(name.slice(siteUserPrefix.length), siteId),
  );
  if (overlapping !== undefined) throw new Error(`The queues of ${siteId} cannot be told by name from those that ${overlapping} may read: choose another id.`);
  await putBrokerUser(administration, { name: user, password });
  await grantBrokerRights(administration, { user, vhost, rights: siteRights(siteId) });
  return user;
}

/** Shuts a site out: its account is deleted and its connections end. What its workers have not told yet stays in their journals. */
export async function removeSiteAccount(administration: BrokerAdministration, siteId: string): Promise<string> {
  const user = siteUser(siteId);
  await removeBrokerUser(administration, user);
  return user;
}
