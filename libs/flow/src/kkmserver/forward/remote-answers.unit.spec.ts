import { isAboutShift, payloadOf, resultOf, standingOf } from './remote-answers';

describe('a register’s answer to a command', () => {
  it.each([
    [{ Status: 0, Error: '' }, 'done'],
    [{ status: '0' }, 'done'],
    [{ Status: 1 }, 'running'],
    [{ Status: 4 }, 'running'],
    [{ Status: 2, Error: 'x' }, 'refused'],
    [{ Status: 3, Error: 'x' }, 'refused'],
    [{ Status: 5 }, 'running'],
    [{ Status: 5, Rezult: { Status: 0 } }, 'done'],
    [{ Status: 5, Rezult: { Status: 2, Error: 'x' } }, 'refused'],
    [{ Status: 6 }, 'lost'],
    [{ Status: null }, 'lost'],
    [{}, 'lost'],
  ])('reads %p as %s', (answer, kind) => {
    expect(standingOf(answer).kind).toBe(kind);
  });

  it('has a reason for every refusal', () => {
    expect(standingOf({ Status: 2 })).toMatchObject({ kind: 'refused', error: expect.stringMatching(/./) as string });
  });
});

describe('a register’s answer to GetRezult', () => {
  it.each([
    [{ Status: 3, Error: 'no', Rezult: { Status: 3 } }, 'unknown'],
    [{ Status: 3 }, 'unknown'],
    [{ Status: 0, Rezult: { Status: 0 } }, 'done'],
    [{ Status: 0, Rezult: { Status: 3, Error: 'no such device' } }, 'refused'],
    [{ Status: 2, Error: 'x', Rezult: { Status: 2, Error: 'x' } }, 'refused'],
    [{ Status: 0, Rezult: { Status: 1 } }, 'running'],
    [{ Status: 1, Rezult: { Status: 4 } }, 'running'],
    [{ Status: 4 }, 'running'],
    [{ Status: 2, Error: 'x' }, 'lost'],
    [{ Status: 0 }, 'lost'],
    [{}, 'lost'],
  ])('reads %p as %s', (answer, kind) => {
    expect(resultOf(answer).kind).toBe(kind);
  });
});

it('takes for the payload what is not the envelope', () => {
  const answer = { CheckNumber: 1, Command: 'x', status: 0, Error: '', Warning: '', IdCommand: '', NumDevice: 1, UnitName: 'u', RezultProcessing: {} };
  expect(payloadOf(answer)).toEqual({ CheckNumber: 1 });
});

it.each([
  ['Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )', true],
  ['Ошибка регистрации (60: ККТ)', true],
  ['Смена превысила 24 часа', true],
  ['Ошибка регистрации ( 44 : ККТ: Нет бумаги )', false],
  ['', false],
])('knows whether %p is about the shift: %s', (error, is) => {
  expect(isAboutShift(error)).toBe(is);
});
