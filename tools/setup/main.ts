import { grantBrokerRights, keepParked, putBrokerUser, serviceRights } from './broker-rights';
import type { BrokerAdministration } from './broker-rights';
import { enterEquipment } from './equipment';
import { enterSbpAccount } from './sbp-account';
import { readBrokerSetup, readEquipmentSetup, readSbpSetup, readServiceSetup, readSiteRemoval, readSiteSetup } from './setup.config';
import type { AdministrationSetup, ServiceSetup, SiteSetup } from './setup.config';
import { putSiteAccount, removeSiteAccount } from './site-account';

/**
 * One-shot set-up of a stack, repeatable: `main.js broker` makes the broker's users, `main.js equipment` enters the first site, `main.js sbp` its account at the virtual bank.
 * Where cafés are elsewhere, `main.js services` makes the broker user of KKM's own services, `main.js site` that of one café, and `main.js remove-site` takes it away.
 * Everything it needs comes from the environment, see `setup.config.ts`.
 */
async function main(what: string | undefined): Promise<void> {
  switch (what) {
    case 'broker':
      return setUpBroker();
    case 'services':
      return setUpServices(readServiceSetup());
    case 'site':
      return setUpSite(readSiteSetup());
    case 'remove-site':
      return removeSite();
    case 'equipment':
      return setUpEquipment();
    case 'sbp':
      return setUpSbp();
    default:
      throw new Error('Say what to set up: broker, services, site, remove-site, equipment or sbp.');
  }
}

async function setUpBroker(): Promise<void> {
  const setup = readBrokerSetup();
  await setUpServices(setup);
  await setUpSite(setup);
}

async function setUpServices(setup: ServiceSetup): Promise<void> {
  const user = 'kkm';
  await putBrokerUser(administrationOf(setup), { name: user, password: setup.KKM_AMQP_KKM_PASSWORD });
  await grantBrokerRights(administrationOf(setup), { user, vhost: setup.KKM_AMQP_VHOST, rights: serviceRights });
  await keepParked(administrationOf(setup), setup.KKM_AMQP_VHOST);
  process.stdout.write(`The broker knows the user ${user}.\n`);
}

async function setUpSite(setup: SiteSetup): Promise<void> {
  const site = { siteId: setup.KKM_SITE_ID, vhost: setup.KKM_AMQP_VHOST, password: setup.KKM_AMQP_SITE_PASSWORD };
  process.stdout.write(`The broker knows the user ${await putSiteAccount(administrationOf(setup), site)}.\n`);
}

async function removeSite(): Promise<void> {
  const setup = readSiteRemoval();
  process.stdout.write(`The broker knows the user ${await removeSiteAccount(administrationOf(setup), setup.KKM_SITE_ID)} no more.\n`);
}

function administrationOf(setup: AdministrationSetup): BrokerAdministration {
  return { url: setup.KKM_AMQP_MANAGEMENT_URL, user: setup.KKM_AMQP_ADMIN, password: setup.KKM_AMQP_ADMIN_PASSWORD };
}

async function setUpEquipment(): Promise<void> {
  const setup = readEquipmentSetup();
  const terminals = setup.KKM_TERMINALS.map((text) => {
    const [id = '', address = ''] = text.split('@');
    const [host = '', port = ''] = address.split(':');
    return { id, host, port: Number(port) };
  });
  const gateway = { api: setup.KKM_API_URL, apiKey: setup.KKM_API_KEY };
  await enterEquipment(gateway, { siteId: setup.KKM_SITE_ID, registerId: setup.KKM_REGISTER_ID, terminals });
  process.stdout.write(`Site ${setup.KKM_SITE_ID} has ${terminals.length} terminal(s) and register ${setup.KKM_REGISTER_ID}.\n`);
}

async function setUpSbp(): Promise<void> {
  const setup = readSbpSetup();
  const gateway = { api: setup.KKM_API_URL, apiKey: setup.KKM_API_KEY };
  const bank = { virtualTerminal: setup.KKM_VIRTUAL_TERMINAL_URL, secret: setup.KKM_SBP_SECRET, notifyAt: setup.KKM_API_URL };
  await enterSbpAccount(gateway, setup.KKM_SITE_ID, bank);
  process.stdout.write(`Site ${setup.KKM_SITE_ID} has an account at the virtual bank.\n`);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
