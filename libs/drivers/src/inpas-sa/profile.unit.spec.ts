import { Rejected } from '@kkm/core';
import { hostReason, parseInpasProfile } from './profile';

function faultsOf(raw: unknown): readonly { path: string }[] {
  try {
    parseInpasProfile(raw);
  } catch (error) {
    if (error instanceof Rejected) return error.members['errors'] as readonly { path: string }[];
    throw error;
  }
  return [];
}

describe('parseInpasProfile', () => {
  it('completes an empty profile with the published defaults', () => {
    expect(parseInpasProfile({})).toMatchObject({
      operations: { sale: '1', void: '4', linkTest: '26', refund: '29', show: '41', reversal: '53', settle: '59', user: '63', wait: '21' },
      timeouts: { ackMs: 1_000, gapMs: 1_000, firstAnswerMs: 5_000, idleMs: 60_000, hardMs: 240_000 },
      abort: 'eot',
      offline: 'unknown',
      readFailure: { status: '53', texts: ['ОШИБКА ЧТЕНИЯ КАРТЫ'] },
    });
  });

  it('takes its own result', () => {
    const profile = parseInpasProfile({ operations: { refund: '3' }, timeouts: { idleMs: 5 }, abort: 'none', constants: { 41: '1' } });
    expect(parseInpasProfile(profile)).toEqual(profile);
    expect(profile).toMatchObject({ operations: { refund: '3', sale: '1' }, timeouts: { idleMs: 5, ackMs: 1_000 } });
  });

  it('lists every fault', () => {
    expect(
      faultsOf({ operations: { sale: 'x' }, timeouts: { ackMs: 0 }, abort: 'maybe', typo: 1 })
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['profile', 'profile.abort', 'profile.operations.sale', 'profile.timeouts.ackMs']);
    expect(faultsOf(null)).toHaveLength(1);
  });
});

describe('hostReason', () => {
  it('prefers the profile, then the built-in table, then says that it does not know', () => {
    const profile = parseInpasProfile({ hostReasons: { 51: 'limit_exceeded' } });
    expect([hostReason(profile, '51'), hostReason(profile, '54'), hostReason(profile, 'constructor'), hostReason(profile, null)]).toEqual([
      'limit_exceeded',
      'card_expired',
      'unrecognised',
      'unrecognised',
    ]);
  });
});
