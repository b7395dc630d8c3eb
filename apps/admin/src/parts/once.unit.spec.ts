import { ApiProblem } from '../api/api-problem';
import { Once } from './once';

const refused = (status: number, code = 'payment.not_redoable') =>
  new ApiProblem({ kind: 'refused', problem: { type: '', title: '', status, code } as never, retryAfterSeconds: null });

function made() {
  let number = 0;
  return new Once<string>(() => `key-${(number += 1)}`);
}

describe('a wish that is carried out once', () => {
  it('is not begun twice by a double click', () => {
    const once = made();
    expect(once.begin('a')).toEqual({ key: 'key-1', body: 'a' });
    expect(once.begin('a')).toBeNull();
    expect(once.begin('b')).toBeNull();
  });

  it('has a key of its own each time it was answered', () => {
    const once = made();
    once.begin('a');
    once.end(null);
    expect(once.begin('a')).toEqual({ key: 'key-2', body: 'a' });
  });

  it.each([
    ['nothing answered', new ApiProblem({ kind: 'offline' })],
    ['something else answered', new ApiProblem({ kind: 'unreadable', status: 502 })],
    ['KKM failed', refused(503, 'ledger.unavailable')],
    ['it is still being carried out', refused(409, 'idempotency.in_progress')],
    ['the page itself failed', new TypeError('x')],
  ])('keeps its key and its body when %s', (_, problem) => {
    const once = made();
    once.begin('a');
    once.end(problem);
    expect(once.lost).toBe('a');
    expect(once.begin('b')).toEqual({ key: 'key-1', body: 'a' });
    expect(once.lost).toBeNull();
  });

  it('is another wish after a refusal', () => {
    const once = made();
    once.begin('a');
    once.end(refused(422));
    expect(once.lost).toBeNull();
    expect(once.begin('b')).toEqual({ key: 'key-2', body: 'b' });
  });
});
