import { tkassaToken } from './tkassa-token';

describe('the token of T-Kassa', () => {
  it('is the one of the bank’s example', () => {
    // developer.tbank.ru/eacq, "Token": Receipt and DATA of the example take no part.
    const request = { TerminalKey: 'MerchantTerminalKey', Amount: 19_200, OrderId: '21090', Description: 'Подарочная карта на 1000 рублей' };
    const nested = { DATA: { Phone: '+71234567890' }, Receipt: { Items: [] }, Token: 'another' };
    expect(tkassaToken({ ...request, ...nested }, 'usaf8fw8fsw21g')).toBe('0024a00af7c350a3a67ca168ce06502aa72772456662e38696d48b56ee9c97d9');
  });

  it('changes with every plain member', () => {
    const one = tkassaToken({ Amount: 1, Success: true }, 'secret');
    for (const members of [{ Amount: 2, Success: true }, { Amount: 1, Success: false }, { Amount: 1 }]) expect(tkassaToken(members, 'secret')).not.toBe(one);
    expect(tkassaToken({ Amount: 1, Success: true }, 'Secret')).not.toBe(one);
  });
});
