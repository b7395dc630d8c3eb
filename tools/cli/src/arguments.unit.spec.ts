import { parseCommand } from './arguments';
import { CommandFailed } from './command-failed';

function refusal(...words: string[]): CommandFailed {
  try {
    parseCommand(words);
  } catch (error) {
    if (error instanceof CommandFailed) return error;
  }
  throw new Error('It was understood.');
}

describe('the command line', () => {
  it('shows the help when nothing is asked', () => {
    expect(parseCommand([])).toEqual({ verb: 'help' });
    expect(parseCommand(['--help'])).toEqual({ verb: 'help' });
    expect(parseCommand(['up', '--help'])).toEqual({ verb: 'help' });
  });

  it('takes the infrastructure by itself unless it is told', () => {
    expect(parseCommand(['up'])).toEqual({ verb: 'up', infra: 'auto', detach: false });
    expect(parseCommand(['up', '--detach', '--infra', 'docker'])).toEqual({ verb: 'up', infra: 'docker', detach: true });
    expect(parseCommand(['demo', '--infra=native'])).toEqual({ verb: 'demo', infra: 'native' });
  });

  it('hands what follows "--" to Jest', () => {
    expect(parseCommand(['test', 'unit', 'int', '--', '-t', 'permit'])).toEqual({
      verb: 'test',
      infra: 'auto',
      kinds: ['unit', 'int'],
      jest: ['-t', 'permit'],
    });
  });

  it('hands all words of a bench to the bench', () => {
    expect(parseCommand(['bench', 'reference', '--batch', '1'])).toEqual({ verb: 'bench', rest: ['reference', '--batch', '1'] });
  });

  it('takes the length of a campaign, also a part of a minute, and its seed', () => {
    expect(parseCommand(['chaos'])).toEqual({ verb: 'chaos', minutes: 3, seed: null });
    expect(parseCommand(['chaos', '--minutes', '0.5', '--seed', '7'])).toEqual({ verb: 'chaos', minutes: 0.5, seed: 7 });
  });

  it('takes the folder of a backup, which a restore cannot do without', () => {
    expect(parseCommand(['backup'])).toEqual({ verb: 'backup', folder: null });
    expect(parseCommand(['backup', 'here'])).toEqual({ verb: 'backup', folder: 'here' });
    expect(parseCommand(['restore', 'here', '--infra', 'native'])).toEqual({ verb: 'restore', folder: 'here', infra: 'native' });
  });

  it('knows the commands of later releases without claiming that they work', () => {
    expect(parseCommand(['verify'])).toEqual({ verb: 'later', name: 'verify' });
  });

  it.each([
    ['an unknown command', ['start']],
    ['an option of another command', ['down', '--json']],
    ['an unknown option', ['up', '--fast']],
    ['a word too many', ['status', 'gateway']],
    ['a restore of nothing', ['restore']],
    ['two backups', ['backup', 'here', 'there']],
    ['a campaign of no length', ['chaos', '--minutes', '0']],
    ['a campaign of words', ['chaos', '--minutes', 'long']],
    ['a seed that is none', ['chaos', '--seed', '-1']],
    ['an infrastructure that there is none of', ['up', '--infra', 'podman']],
    ['"--" where nothing takes it', ['up', '--', 'x']],
    ['a name that every object has', ['toString']],
  ])('refuses %s with exit code 2', (_, words) => {
    expect(refusal(...words).exitCode).toBe(2);
  });
});
