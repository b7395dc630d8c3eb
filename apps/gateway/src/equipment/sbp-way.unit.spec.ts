import { sbpWayOf } from './sbp-way';

describe('the way of SBP at a terminal', () => {
  it('is a bank’s QR for three minutes unless the profile says otherwise', () => {
    expect(sbpWayOf('inpas-sa', {})).toEqual({ by: 'bank_qr', windowSeconds: 180 });
  });

  it('is none where no worker could drive the terminal', () => {
    expect(sbpWayOf('no-such-driver', {})).toEqual({ by: 'none' });
    expect(sbpWayOf('inpas-sa', { cardWaitMs: 'long' })).toEqual({ by: 'none' });
  });
});
