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
      sbp: { by: 'bank_qr', windowSeconds: 180, guestSwitch: 'none' },
      qrShowSeconds: 20,
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

describe('SBP in a profile', () => {
  it('is a bank’s QR unless it says otherwise, and stays what it was when read again', () => {
    const ways = [
      [undefined, { by: 'bank_qr', windowSeconds: 180, guestSwitch: 'none' }],
      [{ windowSeconds: 30 }, { by: 'bank_qr', windowSeconds: 30, guestSwitch: 'none' }],
      [
        { by: 'terminal', operation: '35' },
        { by: 'terminal', operation: '35', entryModeQr: 'Q' },
      ],
      [{ by: 'none' }, { by: 'none' }],
    ];
    for (const [raw, sbp] of ways) {
      const profile = parseInpasProfile({ sbp: raw });
      expect(profile.sbp).toEqual(sbp);
      expect(parseInpasProfile(profile)).toEqual(profile);
    }
  });

  it('lists every fault', () => {
    const paths = (raw: object): readonly string[] => faultsOf(raw).map(({ path }) => path);
    expect(paths({ sbp: { windowSeconds: 29 }, qrShowSeconds: 4 })).toEqual(['profile.sbp.windowSeconds', 'profile.qrShowSeconds']);
    expect(paths({ sbp: { windowSeconds: 901 }, qrShowSeconds: 1_000 })).toEqual(['profile.sbp.windowSeconds', 'profile.qrShowSeconds']);
    expect(paths({ sbp: { by: 'terminal' } })).toEqual(['profile.sbp.operation']);
    expect(paths({ sbp: { by: 'terminal', operation: '1', windowSeconds: 60 } })).toEqual(['profile.sbp']);
    expect(paths({ sbp: { by: 'cash' } })).toEqual(['profile.sbp.by']);
    expect(paths({ sbp: 'none' })).toEqual(['profile.sbp']);
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
