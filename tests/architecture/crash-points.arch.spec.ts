import { crashPoints } from '@kkm/crash-points';
import { filesOf, textOf } from './checkout';

const apps = ['gateway', 'ledger', 'terminal-worker'] as const;
const names = Object.keys(crashPoints);

/** Every crash point that an app wires, once for each time its name is written there. */
const wired = apps.flatMap((app) => {
  const files = filesOf('.ts', `apps/${app}/src`).filter((file) => !file.endsWith('.spec.ts'));
  const found = files.flatMap((file) => [...textOf(file).matchAll(/'((?:gateway|ledger|worker)\.[a-z-]+:[a-z]+)'/g)].map((match) => match[1] ?? ''));
  return [...new Set(found)].map((name) => ({ app, name }));
});

describe('the crash points', () => {
  it.each(names)('%s is wired in the app it is named after', (name) => {
    const app = name.startsWith('worker.') ? 'terminal-worker' : name.split('.')[0];
    expect(wired.filter((one) => one.name === name).map((one) => one.app)).toEqual([app]);
  });

  it('have no name that is not in the table', () => {
    expect(wired.filter(({ name }) => !names.includes(name))).toEqual([]);
  });
});
