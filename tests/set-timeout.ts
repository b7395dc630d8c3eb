/** Jest knows one patience for all projects; jest.config.ts hands each kind of test its own in this global. */
declare const testTimeoutMs: number;

jest.setTimeout(testTimeoutMs);
