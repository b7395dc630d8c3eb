import { notRun, tallyOf, tallyTable } from './tally';

const test = (status: string, fullName = 'a test'): { status: string; fullName: string } => ({ status, fullName });

describe('the count of tests', () => {
  it('counts what Jest reports', () => {
    const report = {
      testResults: [
        {
          status: 'passed',
          message: '',
          assertionResults: [test('passed'), test('passed'), test('pending', 'permits [skipped: no broker; no engine answers] are granted once')],
        },
        { status: 'failed', message: 'expected 1', assertionResults: [test('passed'), test('failed')] },
      ],
    };
    expect(tallyOf('int', report, 1_000)).toMatchObject({
      passed: 3,
      failed: 1,
      skipped: 1,
      reasons: ['no broker; no engine answers'],
      failures: ['expected 1'],
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(tallyOf('unit', { testResults: [{ status: 'failed', message: 'Cannot find module', assertionResults: [] }] }, 0)).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });

  it('never counts what was not run as passed', () => {
    expect(notRun('e2e', 'no broker')).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
  });

  it('ends with the sum on a line of its own', () => {
    const lines = tallyTable([
      { ...notRun('e2e', 'no broker') },
      { kind: 'unit', passed: 12, failed: 1, skipped: 0, reasons: [], failures: [], tookMs: 900 },
    ]).split('\n');
    expect(lines.at(-2)).toBe('12 passed, 1 failed, 1 skipped');
    expect(lines).toContain('      skipped: no broker');
  });
});
