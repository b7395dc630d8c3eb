import fc from 'fast-check';
import { createLogger } from './logger';
import { maskText, redact } from './redaction';

/** Test numbers of card schemes (published by the schemes for testing); all pass Luhn. */
const cards = ['4111111111111111', '5555555555554444', '2200000000000004', '378282246310005', '4222222222222', '6304000000000000'];

function lines(): { readonly written: string[]; readonly log: ReturnType<typeof createLogger> } {
  const written: string[] = [];
  return { written, log: createLogger({ service: 'test', level: 'trace', destination: { write: (line) => void written.push(line) } }) };
}

describe('maskText', () => {
  it.each(cards)('leaves only the last four digits of %s', (card) => {
    expect(maskText(`before${card}after`)).toBe(`before${'*'.repeat(card.length - 4)}${card.slice(-4)}after`);
  });

  it('masks numbers grouped as on a card', () => {
    expect(maskText('4111 1111 1111 1111')).toBe('************1111');
    expect(maskText('4111-1111-1111-1111')).toBe('************1111');
    expect(maskText('3782 822463 10005')).toBe('***********0005');
  });

  it('masks the track data around the separator', () => {
    expect(maskText('4111111111111111=29121010000012300000')).not.toContain('4111111111111111');
  });

  it('masks digits that a frame dump shows in hexadecimal', () => {
    const hex = Buffer.from('4111111111111111').toString('hex');
    expect(maskText(`0a1000${hex}0d`)).not.toContain(hex);
    expect(maskText(hex.replace(/../g, '$& '))).toContain('[hidden digits]');
  });

  it('keeps what only looks similar: RRNs, terminal ids, times, account numbers, digits that fail Luhn', () => {
    const text = 'rrn 828913349373 terminal 00266286 at 2026-11-23T10:15:30.123Z account 40702810900000012345 not 4111111111111112';
    expect(maskText(text)).toBe(text);
  });

  it('hides credentials in URLs, bearer tokens and assignments', () => {
    expect(maskText('amqp://kkm:hunter2@localhost/kkm')).toBe('amqp://kkm:[hidden]@localhost/kkm');
    expect(maskText('Authorization: Bearer abc.def-123')).not.toContain('abc.def-123');
    expect(maskText('{"password":"hunter2","n":1}')).toBe('{"password":"[hidden]","n":1}');
    expect(maskText('api_key=hunter2&n=1')).toBe('api_key=[hidden]&n=1');
  });
});

describe('maskText on a long text', () => {
  // A pattern that looks back over the text from every place would take half a minute here.
  it.each(['a.', '1 ', '://', 'password ', '4111-', 'Bearer '])('does not look at it again and again: %s', (piece) => {
    const text = piece.repeat(200_000 / piece.length);
    const before = performance.now();
    maskText(text);
    expect(performance.now() - before).toBeLessThan(3_000);
  });
});

describe('redact', () => {
  it('hides members by their names, however they are spelled', () => {
    const secrets = { Authorization: 'x', 'x-api-key': 'x', adminPassword: 'x', client_secret: 'x', accessToken: 'x', key: 'x', 'Set-Cookie': 'x', pan: 'x' };
    expect(Object.values(redact(secrets) as object)).toEqual(Object.values(secrets).map(() => '[hidden]'));
  });

  it('keeps what an operator needs', () => {
    const facts = {
      routingKey: 'club-1.pax-1',
      'x-original-routing-key': 'club-1.pax-1',
      idempotencyKey: 'i-1',
      paymentId: 'pay_1',
      amount: 15_000,
      at: 1_795_400_000_000,
      none: null,
    };
    expect(redact(facts)).toEqual(facts);
  });

  it('shows of bytes only how many there are', () => {
    expect(redact({ frame: Buffer.from('4111111111111111') })).toEqual({ frame: '[16 bytes]' });
  });

  it('looks into errors and their causes', () => {
    const error = new Error('card 4111111111111111', { cause: new Error('Bearer abc') });
    expect(JSON.stringify(redact(error))).not.toMatch(/4111111111111111|abc/);
  });

  it('ends in a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(redact(circle))).toContain('[deeper]');
  });
});

describe('createLogger', () => {
  it('never writes a card number, wherever it stands', () => {
    const places = fc.object({ maxDepth: 4, values: [fc.constant('CARD'), fc.string(), fc.integer()], key: fc.oneof(fc.constant('CARD'), fc.string()) });
    fc.assert(
      fc.property(fc.constantFrom(...cards), places, fc.stringMatching(/^[a-z ]{0,5}$/), (card, place, around) => {
        const { written, log } = lines();
        const filled: unknown = JSON.parse(JSON.stringify(place).replaceAll('CARD', `${around}${card}${around}`));
        log.info({ filled }, `said ${card}`);
        log.info(`said %s and ${JSON.stringify(filled)}`, card);
        log.child({ bound: filled }).error(new Error(`failed with ${card}`));
        expect(written.join('')).not.toContain(card);
        expect(written).toHaveLength(3);
      }),
      { numRuns: 200 },
    );
  });

  it('writes one JSON object per line with level, time, service and ids', () => {
    const { written, log } = lines();
    log.child({ paymentId: 'pay_1' }).warn({ attemptId: 'att_1' }, 'asks the terminal');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'warn', service: 'test', paymentId: 'pay_1', attemptId: 'att_1', msg: 'asks the terminal' });
  });

  it('keeps the class, text and stack of an error', () => {
    const { written, log } = lines();
    log.error({ err: new TypeError('bad frame') }, 'parked');
    log.error(new TypeError('bad frame'));
    for (const line of written)
      expect(JSON.parse(line).err).toMatchObject({ type: 'TypeError', message: 'bad frame', stack: expect.stringContaining('TypeError') });
  });

  it('hides secrets that were bound to a child', () => {
    const { written, log } = lines();
    log.child({ apiKey: 'hunter2' }).info({ headers: { authorization: 'hunter2' } }, 'password=hunter2');
    expect(written[0]).not.toContain('hunter2');
  });
});
