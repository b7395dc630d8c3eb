import { sbpWayOf } from './sbp-way';

describe('the way of SBP at a terminal', () => {
  it('is a bank’s QR for three minutes unless the profile says otherwise', () => {
    expect(sbpWayOf('inpas-sa', {})).toEqual({ by: 'bank_qr', windowSeconds: 180 });
  });

  it.each([
    [{ windowSeconds: 60 }, { by: 'bank_qr', windowSeconds: 60 }],
    [{ guestSwitch: 'cancel_key' }, { by: 'bank_qr', windowSeconds: 180, guestSwitch: 'cancel_key' }],
    [{ by: 'terminal', operation: '99' }, { by: 'terminal' }],
    [{ by: 'none' }, { by: 'none' }],
  ])('is what the profile says, without the protocol’s own codes: %j', (sbp, way) => {
    expect(sbpWayOf('inpas-sa', { sbp })).toEqual(way);
  });

  it('is none where no worker could drive the terminal', () => {
    expect(sbpWayOf('no-such-driver', {})).toEqual({ by: 'none' });
    expect(sbpWayOf('inpas-sa', { cardWaitMs: 'long' })).toEqual({ by: 'none' });
  });
});
