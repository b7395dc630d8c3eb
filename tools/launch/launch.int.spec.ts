import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { checkoutRoot } from '../stack';

describe('a service started from its bundle', () => {
  const built = join(checkoutRoot(), 'dist');

  it('says where in our sources something went wrong', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--enable-source-maps', join(built, 'tools/launch/main.js'), 'gateway'], {
      env: {},
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('KKM_DATABASE_URL: is required');
    expect(stderr).toMatch(/at gatewayConfig \(.*\/apps\/gateway\/src\/gateway\.config\.ts:\d+:\d+\)/);
  });

  it.each(['gateway', 'ledger', 'terminal-worker', 'virtual-terminal'])('has been compiled when it was built: %s', (service) => {
    const bundle = join(built, 'apps', service, 'src/bundle.js');
    const { cachedDataRejected } = new Script(Module.wrap(readFileSync(bundle, 'latin1')), {
      filename: bundle,
      cachedData: readFileSync(`${bundle}.compiled`),
    });
    expect(cachedDataRejected).toBe(false);
  });
});
