import { chaosTally } from './run-chaos';

describe('a campaign as a test', () => {
  it('passes only with exit code 0', () => {
    expect(chaosTally({ code: 0, output: 'Passed with seed 7.', tookMs: 9 })).toMatchObject({ kind: 'chaos', passed: 1, failed: 0, skipped: 0, failures: [] });
    expect(chaosTally({ code: 1, output: 'FAILED with seed 7.', tookMs: 9 })).toMatchObject({ passed: 0, failed: 1 });
    expect(chaosTally({ code: null, output: '', tookMs: 9 })).toMatchObject({ passed: 0, failed: 1 });
  });

  it('shows the end of a long output, where the verdict and the seed are', () => {
    const { failures } = chaosTally({ code: 1, output: `${'x'.repeat(10_000)}FAILED with seed 7.`, tookMs: 9 });
    expect(failures).toEqual([expect.stringMatching(/^The campaign failed \(exit code 1\):\nx{1,6000}FAILED with seed 7\.$/)]);
  });
});
