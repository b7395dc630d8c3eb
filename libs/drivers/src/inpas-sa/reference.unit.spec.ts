import fc from 'fast-check';
import { terminalReference } from './reference';

describe('terminalReference', () => {
  it('is nine digits without a leading zero, whatever the id', () => {
    fc.assert(fc.property(fc.string(), (id) => /^[1-9]\d{8}$/.test(terminalReference(id))));
  });

  it('changes nothing when applied to its own result', () => {
    fc.assert(fc.property(fc.string(), (id) => terminalReference(terminalReference(id)) === terminalReference(id)));
  });

  it('never changes between releases: receipts of earlier payments carry it', () => {
    expect(terminalReference('att_1')).toBe('699241280');
  });

  it('tells ten thousand attempts of one terminal apart but for a few', () => {
    const references = new Set(Array.from({ length: 10_000 }, (_, at) => terminalReference(`att_01h${at.toString(32)}`)));
    expect(references.size).toBeGreaterThan(9_995);
  });
});
