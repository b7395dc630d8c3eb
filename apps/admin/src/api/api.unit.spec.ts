import { addressOf, inPath, newKey } from './api';
import { refusalOf } from './api-problem';

const problem = { type: 'http://kkm/problems/request.invalid', title: 'The request is not valid', status: 422, code: 'request.invalid' };

describe('an address of the API', () => {
  it('encodes what stands in its path', () => {
    expect(inPath`/v1/terminals/${'a/b ?'}/health`).toBe('/v1/terminals/a%2Fb%20%3F/health');
  });

  it('leaves out what is not asked', () => {
    expect(addressOf('/v1/payments', { siteId: 'club-1', orderId: undefined, rrn: '', limit: 20 })).toBe('/v1/payments?siteId=club-1&limit=20');
  });

  it('encodes what is asked', () => {
    expect(addressOf('/v1/payments', { orderId: 'a&b=c' })).toBe('/v1/payments?orderId=a%26b%3Dc');
  });
});

describe('an answer that is no success', () => {
  it('is the problem KKM wrote', async () => {
    expect(await refusalOf(Response.json(problem, { status: 422 }))).toEqual({ kind: 'refused', problem, retryAfterSeconds: null });
  });

  it('says how long to wait', async () => {
    const answer = Response.json(problem, { status: 429, headers: { 'retry-after': '8' } });
    expect(await refusalOf(answer)).toMatchObject({ retryAfterSeconds: 8 });
  });

  it.each(['<html>Bad gateway</html>', '{}', '[]', '"text"'])('is not taken for KKM’s when it is %s', async (text) => {
    expect(await refusalOf(new Response(text, { status: 502 }))).toEqual({ kind: 'unreadable', status: 502 });
  });
});

describe('a key of a wish', () => {
  it('is new each time', () => {
    expect(new Set(Array.from({ length: 50 }, newKey)).size).toBe(50);
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  });
});
