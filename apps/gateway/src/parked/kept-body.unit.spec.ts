import { keptBody, unreadableBytesMax } from './kept-body';

const pan = '4111111111111111';
const json = (value: unknown) => keptBody(Buffer.from(JSON.stringify(value)));

describe('what is kept of a parked body', () => {
  it('is JSON as it came, whole, so that it can be sent again', () => {
    const body = {
      siteId: 'club-1',
      amount: 15_000,
      nonce: 'n',
      outcome: { facts: { maskedPan: '4111********1111', rrn: '123456789012' } },
      text: '\0 Ё \ud83d',
    };
    const kept = json(body);
    expect(kept).toMatchObject({ form: 'json', isCut: false, obstacle: null });
    expect(JSON.parse(kept.body)).toEqual(body);
    const long = json({ text: 'x'.repeat(1_000_000) });
    expect([long.body.length > 1_000_000, long.isCut, long.obstacle]).toEqual([true, false, null]);
  });

  it.each([
    ['a card number in a text', { metadata: { note: `card ${pan}` } }, pan],
    ['a card number as a number', { card: Number(pan) }, pan],
    ['a card number as a name', { [pan]: true }, pan],
    ['a card number below what is looked at', { a: { b: { c: { d: { e: { f: { g: { h: { i: pan } } } } } } } } }, pan],
    ['a secret by its name', { data: { apiKey: 'kkm_s3cr3t' } }, 's3cr3t'],
    ['a secret in a text', { note: 'password=s3cr3t' }, 's3cr3t'],
  ])('loses %s, and cannot be sent again', (_what, body, lost) => {
    const kept = json(body);
    expect(kept.obstacle).toBe('redacted');
    expect(kept.body).not.toContain(lost);
    expect(JSON.stringify(kept.json)).not.toContain(lost);
  });

  it('takes JSON of any depth without failing', () => {
    const deep = 20_000;
    const kept = keptBody(Buffer.from('['.repeat(deep) + ']'.repeat(deep)));
    expect(kept).toMatchObject({ form: 'json', obstacle: 'redacted' });
  });

  it('is the text where it is no JSON, without numbers, zeros and secrets', () => {
    expect(keptBody(Buffer.from(`{"cut": "${pan}`))).toMatchObject({ form: 'text', body: '{"cut": "************1111', obstacle: 'not_json', isCut: false });
    expect(keptBody(Buffer.from([...pan].join('\0'))).body).toBe('************1111');
    expect(keptBody(Buffer.alloc(0))).toMatchObject({ form: 'text', body: '', obstacle: 'not_json' });
  });

  it('is base 64 where it is no text, and nothing where a number is among the bytes', () => {
    const bytes = Buffer.from([0xff, 0, 1, 0x80]);
    expect(keptBody(bytes)).toEqual({ body: bytes.toString('base64'), form: 'base64', isCut: false, json: undefined, obstacle: 'not_json' });
    expect(keptBody(Buffer.concat([bytes, Buffer.from(pan)]))).toMatchObject({ body: '', form: 'base64', isCut: true, obstacle: 'not_json' });
    expect(keptBody(Buffer.concat([bytes, Buffer.from(pan, 'utf16le')]))).toMatchObject({ body: '', isCut: true });
  });

  it('is the beginning of what is too long to be read', () => {
    const text = keptBody(Buffer.from(`"${'ё'.repeat(600_000)}"`));
    expect(text).toMatchObject({ form: 'text', isCut: true, obstacle: 'too_large' });
    expect(text.body).toMatch(/^"ё+$/);
    const bytes = keptBody(Buffer.alloc(2_000_000, 0xff));
    expect(bytes).toMatchObject({ form: 'base64', isCut: true, obstacle: 'too_large' });
    expect(Buffer.from(bytes.body, 'base64')).toHaveLength(unreadableBytesMax);
  });

  it('shows no part of a number that lies across the cut', () => {
    const kept = keptBody(Buffer.from(`${'x'.repeat(unreadableBytesMax - 15)}${pan} and ${'y'.repeat(10_000)}`));
    expect(kept.body).not.toMatch(/\d{5}/);
    const bytes = keptBody(Buffer.concat([Buffer.alloc(unreadableBytesMax - 15, 0xff), Buffer.from(pan), Buffer.alloc(10_000, 0xff)]));
    expect(bytes.body).toBe('');
  });
});
