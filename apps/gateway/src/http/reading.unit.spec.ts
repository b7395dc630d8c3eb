import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { z } from 'zod';
import { checked } from '../checked';
import { idempotencyKeyOf } from './idempotency-key';
import { originOf } from './origin';
import { preferredWait } from './prefer';
import { asKnownError, problemOf, retryAfterOf } from './problems';
import { methodsOf, routeOf } from './route-index';

describe('idempotencyKeyOf', () => {
  it.each([
    ['"8e03978e-40d5"', '8e03978e-40d5'],
    ['8e03978e-40d5', '8e03978e-40d5'],
    ['  "a b"  ', 'a b'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a:b/c=d', 'a:b/c=d'],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('reads %s', (header, key) => expect(idempotencyKeyOf(header)).toBe(key));

  it.each([
    [undefined, 'idempotency.key_missing'],
    ['', 'idempotency.key_missing'],
    ['""', 'idempotency.key_missing'],
    ['"a', 'request.malformed'],
    ['a"', 'request.malformed'],
    ['"a";p=1', 'request.malformed'],
    ['"a", "b"', 'request.malformed'],
    ['a b', 'request.malformed'],
    ['"\\x"', 'request.malformed'],
    ['ключ', 'request.malformed'],
    ['"a\u0007"', 'request.malformed'],
    ['x'.repeat(256), 'request.malformed'],
  ])('refuses %s', (header, code) => expect(() => idempotencyKeyOf(header)).toThrow(code));

  it('refuses the header sent twice', () => expect(() => idempotencyKeyOf(['"a"', '"b"'])).toThrow('request.malformed'));
});

describe('preferredWait', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['Wait = "7"', 7],
    ['wait=3;foo=bar', 3],
    ['wait=61', 60],
    ['wait=999999999', 60],
    ['wait=1, wait=9', 1],
    ['wait=0', 0],
    ['wait', null],
    ['wait=-1', null],
    ['wait=1.5', null],
    ['wait=x', null],
    ['await=5', null],
    ['', null],
    [undefined, null],
  ])('reads %s as %s', (header, seconds) => expect(preferredWait(header)).toBe(seconds));
});

describe('checked', () => {
  const schema = z.strictObject({ a: z.number(), list: z.array(z.strictObject({ 'x/y~z': z.string() })) });
  const faultsOf = (value: unknown, where?: '#' | 'query:') => {
    try {
      checked(schema, value, where);
    } catch (error) {
      return (error as Rejected).members['errors'];
    }
    return null;
  };

  it('points at every fault', () => {
    expect(faultsOf({ a: 'x', list: [{ 'x/y~z': 1 }], b: 1, c: 2 })).toEqual([
      { pointer: '#/a', detail: expect.any(String) },
      { pointer: '#/list/0/x~1y~0z', detail: expect.any(String) },
      { pointer: '#/b', detail: 'is not known' },
      { pointer: '#/c', detail: 'is not known' },
    ]);
    expect(faultsOf([])).toEqual([{ pointer: '#', detail: expect.any(String) }]);
    expect(faultsOf({ list: [] }, 'query:')).toEqual([{ pointer: 'query:a', detail: expect.any(String) }]);
  });

  it('tells at most twenty', () => {
    expect(faultsOf(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 1])))).toHaveLength(20);
  });
});

describe('problems', () => {
  const place = { origin: 'https://kkm.example', requestId: 'r-1' };

  it('have everything a caller decides by', () => {
    const error = new Rejected('request.invalid', { detail: 'no', members: { errors: [{ pointer: '#/a', detail: 'b' }] } });
    expect(problemOf(error, place)).toEqual({
      type: 'https://kkm.example/problems/request.invalid',
      title: 'The request is not valid',
      status: 422,
      code: 'request.invalid',
      detail: 'no',
      instance: 'urn:kkm:request:r-1',
      errors: [{ pointer: '#/a', detail: 'b' }],
    });
  });

  it('hide what a bug says', () => {
    const known = asKnownError(new TypeError('secret'));
    expect(known).toBeInstanceOf(Indeterminate);
    expect(JSON.stringify(problemOf(known, place))).not.toContain('secret');
    expect(problemOf(new Indeterminate('internal', { detail: 'secret' }), place).detail).toBeUndefined();
  });

  it.each([
    [400, 'request.malformed'],
    [404, 'request.not_found'],
    [413, 'request.too_large'],
    [415, 'request.unsupported_media_type'],
    [418, 'internal'],
    [500, 'internal'],
  ])('reads the framework’s %s as %s', (statusCode, code) => {
    expect(asKnownError(Object.assign(new Error('x'), { statusCode })).code).toBe(code);
    expect(asKnownError({ getStatus: () => statusCode }).code).toBe(code);
  });

  it('say when to come back', () => {
    expect(retryAfterOf(new Unavailable('ledger.unavailable'))).toBe(2);
    expect(retryAfterOf(new Rejected('request.rate_limited', { members: { retryAfterSeconds: 1.2 } }))).toBe(2);
    expect(retryAfterOf(new Rejected('payment.not_found'))).toBeNull();
  });
});

describe('originOf', () => {
  it('repeats a host only when it is one', () => {
    expect(originOf({ host: 'kkm.local:8080', protocol: 'http' }, null)).toBe('http://kkm.local:8080');
    expect(originOf({ host: '[::1]:8080', protocol: 'https' }, null)).toBe('https://[::1]:8080');
    expect(originOf({ host: 'a"><script>', protocol: 'http' }, null)).toBe('http://localhost');
    expect(originOf({ host: 'evil', protocol: 'http' }, 'https://kkm.example')).toBe('https://kkm.example');
  });
});

describe('the route index', () => {
  it('finds routes as Fastify names them, and methods as callers write paths', () => {
    expect(routeOf('GET', '/v1/payments/:id')?.operationId).toBe('readPayment');
    expect(routeOf('HEAD', '/v1/payments/:id')?.operationId).toBe('readPayment');
    expect(routeOf('PUT', '/v1/payments/:id')).toBeNull();
    expect(routeOf('GET', undefined)).toBeNull();
    expect(methodsOf('/v1/payments/pay_1?x=/v1/sites')).toEqual(['GET']);
    expect(methodsOf('/v1/openapiXjson')).toEqual([]);
    expect(methodsOf('/v1/sites/a/b')).toEqual([]);
  });
});
