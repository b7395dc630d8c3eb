import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enterSbpAccount, virtualMerchant } from './sbp-account';

const bankOfSite = { bank: 'raiffeisen', baseUrl: 'https://pay.raif.ru/', merchantId: 'MA1234567890' };

/** Sets up against a gateway that shows this account, and tells what was put there. */
async function putBeside(account: object | null): Promise<unknown[]> {
  const put: unknown[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(account ? 200 : 404).end(JSON.stringify(account ?? {}));
      return;
    }
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      put.push(JSON.parse(text));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await enterSbpAccount({ api, apiKey: 'key' }, 'club-1', { virtualTerminal: 'http://127.0.0.1:8083', secret: 's'.repeat(32), notifyAt: null });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  return put;
}

describe('setting up the account at the virtual bank', () => {
  const virtual = { bank: 'raiffeisen', baseUrl: 'http://127.0.0.1:8083/raiffeisen', merchantId: virtualMerchant };

  it('enters it where there is none, and again where it has moved', async () => {
    expect(await putBeside(null)).toMatchObject([virtual]);
    expect(await putBeside({ ...virtual, baseUrl: 'http://127.0.0.1:9999/raiffeisen' })).toMatchObject([virtual]);
  });

  it.each([bankOfSite, { ...bankOfSite, merchantId: virtualMerchant }, { ...virtual, merchantId: 'MA1234567890' }])(
    'leaves an account that somebody has set as it is: %j',
    async (account) => {
      expect(await putBeside(account)).toEqual([]);
    },
  );
});
