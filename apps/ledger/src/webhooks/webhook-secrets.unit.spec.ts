import { openingKeys, sealSecret } from '@kkm/sealing';
import { WebhookSecrets } from './webhook-secrets';

const keys = openingKeys(Buffer.alloc(32, 5));
const sealedFor = async (endpointId: string): Promise<string> => sealSecret('whsec_x', { publicKey: (await keys).publicKey, endpointId });

describe('the secrets of webhook endpoints', () => {
  it('open for their own endpoint alone, also once they were opened', async () => {
    const secrets = new WebhookSecrets(await keys);
    const sealed = await sealedFor('hook_1');
    for (let time = 1; time <= 2; time += 1) {
      expect(await secrets.open('hook_1', sealed)).toBe('whsec_x');
      await expect(secrets.open('hook_2', sealed)).rejects.toMatchObject({ code: 'webhook.unavailable' });
    }
  });

  it('open for nobody without the ledger’s key', async () => {
    const keyless = new WebhookSecrets(null);
    expect(() => keyless.sealingKey()).toThrow(expect.objectContaining({ code: 'webhook.unavailable' }));
    await expect(keyless.open('hook_1', await sealedFor('hook_1'))).rejects.toMatchObject({ code: 'webhook.unavailable' });
  });
});
