import { idMadeAtMs, newId } from './ids';

describe('the time in an id', () => {
  it('is read back as it was put in', () => {
    const id = newId('att', 1_795_444_000_123, (bytes) => new Uint8Array(bytes).fill(7));
    expect(idMadeAtMs(id)).toBe(1_795_444_000_123);
  });

  it('is unknown for an id that KKM did not make', () => {
    expect(idMadeAtMs('att-1')).toBeNull();
    expect(idMadeAtMs('att_iiiiiiiiiiiiiiiiiiiiiiiiii')).toBeNull();
  });
});
