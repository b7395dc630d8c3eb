import { grantBrokerRights, putBrokerUser, serviceRights, siteRights } from './broker-rights';
import { enterEquipment } from './equipment';
import { enterSbpAccount } from './sbp-account';
import { readBrokerSetup, readEquipmentSetup, readSbpSetup } from './setup.config';

/**
 * One-shot set-up of a stack, repeatable: `main.js broker` makes the broker's users, `main.js equipment` enters the first site, `main.js sbp` its account at the virtual bank.
 * Everything it needs comes from the environment, see `setup.config.ts`.
 */
async function main(what: string | undefined): Promise<void> {
  switch (what) {
    case 'broker':
      return setUpBroker();
    case 'equipment':
      return setUpEquipment();
    case 'sbp':
      return setUpSbp();
    default:
      throw new Error('Say what to set up: broker, equipment or sbp.');
  }
}

async function setUpBroker(): Promise<void> {
  const setup = readBrokerSetup();
  const administration = { url: setup.KKM_AMQP_MANAGEMENT_URL, user: setup.KKM_AMQP_ADMIN, password: setup.KKM_AMQP_ADMIN_PASSWORD };
  const vhost = setup.KKM_AMQP_VHOST;
  const site = `site-${setup.KKM_SITE_ID}`;
  await putBrokerUser(administration, { name: 'kkm', password: setup.KKM_AMQP_KKM_PASSWORD });
  await putBrokerUser(administration, { name: site, password: setup.KKM_AMQP_SITE_PASSWORD });
  await grantBrokerRights(administration, { user: 'kkm', vhost, rights: serviceRights });
  await grantBrokerRights(administration, { user: site, vhost, rights: siteRights(setup.KKM_SITE_ID) });
  process.stdout.write(`The broker knows the users kkm and ${site}.\n`);
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
