import { evidenceLimits, makeEvidence } from './evidence';
import type { Evidence } from './evidence';

const told: Evidence = { kind: 'report', asked: 'the report', said: 'ОТЧЁТ ПУСТ', rrn: '828913349373', at: '2026-11-26T12:00:00.000Z' };

describe('makeEvidence', () => {
  it('leaves alone what is fit to be kept', () => {
    expect(makeEvidence(told)).toEqual(told);
    expect(makeEvidence({ ...told, rrn: null, said: 'ч'.repeat(evidenceLimits.said) }).said).toHaveLength(evidenceLimits.said);
  });

  it('masks card numbers wherever they stand, also where a cut would halve one', () => {
    const card = '4111111111111111';
    expect(makeEvidence({ ...told, asked: card, said: `PAN ${card}` })).toMatchObject({ asked: '************1111', said: 'PAN ************1111' });
    const { said } = makeEvidence({ ...told, said: `${'x'.repeat(evidenceLimits.said - 14)} ${card} and more` });
    expect(said).not.toMatch(/4111/);
  });

  it('cuts what is too long and says so', () => {
    const { asked, said } = makeEvidence({ ...told, asked: 'a'.repeat(201), said: 's'.repeat(4_001) });
    expect([asked.length, said.length]).toEqual([200, 4_000]);
    expect([asked, said].every((text) => text.endsWith('… [cut]'))).toBe(true);
  });

  it('drops what a database cannot hold, and what a cut leaves of a sign', () => {
    expect(makeEvidence({ ...told, said: 'a\u0000b\ud800c' }).said).toBe('abc');
    expect(makeEvidence({ ...told, said: '💳'.repeat(evidenceLimits.said) }).said).not.toMatch(/\p{Cs}/u);
  });
});
