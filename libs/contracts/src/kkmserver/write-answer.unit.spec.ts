import { commandStatuses } from '@kkm/core';
import type { KkmAnswer } from '@kkm/core';
import { writeAnswer, writeRefusal, writeResult, writeUncertain } from './write-answer';

const done: KkmAnswer = { status: commandStatuses.ok, error: '', message: null, warning: null, numDevice: 3, unitName: 'baz', payload: {} };
const failed: KkmAnswer = { ...done, status: commandStatuses.error, error: 'Ошибка регистрации ( 61 : ККТ: ... )' };
const running: KkmAnswer = { ...done, status: commandStatuses.run, numDevice: null, unitName: null };
const opening = { name: 'OpenShift', idCommand: '278b', keptAs: '278b' };
const unnamed = { name: 'List', idCommand: null, keptAs: 'made-1' };
const paying = { name: 'PayByPaymentCard', idCommand: 'p-1', keptAs: 'p-1' };
const paid: KkmAnswer = { ...done, payload: { UniversalID: 'RRN:1;AC:2', Amount: 1.02, Slip: '==\r\n' } };

describe('an answer', () => {
  it('is written byte for byte as recorded from a live server', () => {
    expect(JSON.stringify(writeAnswer(opening, { ...done, payload: { CheckNumber: 1, SessionNumber: 2 } }))).toBe(
      '{"CheckNumber":1,"SessionNumber":2,"Command":"OpenShift","Error":"","Status":0,"IdCommand":"278b","NumDevice":3,"UnitName":"baz"}',
    );
    expect(JSON.stringify(writeAnswer(opening, failed))).toBe(
      '{"Command":"OpenShift","Error":"Ошибка регистрации ( 61 : ККТ: ... )","Status":2,"IdCommand":"278b","NumDevice":3,"UnitName":"baz"}',
    );
    expect(JSON.stringify(writeAnswer(unnamed, { ...done, numDevice: null, unitName: null, payload: { ListUnit: [] } }))).toBe(
      '{"ListUnit":[],"Command":"List","Error":"","Status":0,"IdCommand":""}',
    );
  });

  it('leaves out what does not apply, at any depth', () => {
    const payload = { URL: null, RezultProcessing: { Slip: undefined, CardHash: null, Amount: 5 }, List: [{ a: null, b: 0 }] };
    const text = JSON.stringify(writeAnswer(opening, { ...done, numDevice: null, unitName: null, payload, warning: '', message: 'м' }));
    expect(text).toBe('{"RezultProcessing":{"Amount":5},"List":[{"b":0}],"Command":"OpenShift","Error":"","Message":"м","Status":0,"IdCommand":"278b"}');
  });

  it('names an id to poll by while the command runs, also one made here', () => {
    expect(writeAnswer(unnamed, running)).toMatchObject({ Status: 1, IdCommand: 'made-1', Error: '' });
    expect(writeAnswer(unnamed, { ...running, status: commandStatuses.notRun })).toMatchObject({ Status: 4, IdCommand: 'made-1' });
    expect(writeAnswer(unnamed, done)).toMatchObject({ Status: 0, IdCommand: '' });
  });

  it('spells the counters as they were asked for', () => {
    const answer = { ...done, payload: { Counters: [{ CountersType: 'Total', Sum: 5 }] } };
    expect(Object.keys(writeAnswer({ ...opening, name: 'GetСounters' }, answer))[0]).toBe('Сounters');
    expect(JSON.stringify(writeAnswer({ ...opening, name: 'GetСounters' }, answer))).toContain('СountersType');
    expect(JSON.stringify(writeAnswer({ ...opening, name: 'GetCounters' }, answer))).toContain('"Counters":[{"CountersType"');
  });

  it('of a request that is none is an error with the same envelope', () => {
    expect(JSON.stringify(writeRefusal({ name: 'X', idCommand: 'i', error: 'e' }))).toBe('{"Command":"X","Error":"e","Status":2,"IdCommand":"i"}');
  });

  it('is no error while nobody can say what becomes of the command', () => {
    expect(writeUncertain({ name: 'PayByPaymentCard', idCommand: 'p-1', error: 'e' })).toMatchObject({
      Status: 1,
      IdCommand: 'p-1',
      Command: 'PayByPaymentCard',
    });
    expect(writeUncertain({ name: 'GetRezult', idCommand: 'p-1', error: 'e' })).toMatchObject({ Status: 1, Rezult: { Status: 1, IdCommand: 'p-1' } });
  });
});

describe('the answer to GetRezult', () => {
  it('of a running command has its status outside and inside, and the id to go on with', () => {
    expect(writeResult('p-1', { command: paying, answer: running })).toEqual({
      Rezult: { Command: 'PayByPaymentCard', Error: '', Status: 1, IdCommand: 'p-1' },
      Command: 'GetRezult',
      Error: '',
      Status: 1,
      IdCommand: 'p-1',
    });
    expect(writeResult('p-1', { command: paying, answer: { ...running, status: commandStatuses.notRun } })).toMatchObject({ Status: 4, Rezult: { Status: 4 } });
  });

  it('of a finished command has the payload outside and inside', () => {
    const payload = { UniversalID: 'RRN:1;AC:2', Amount: 1.02, Slip: '==\r\n' };
    expect(writeResult('p-1', { command: paying, answer: paid })).toEqual({
      ...payload,
      Rezult: { ...payload, Command: 'PayByPaymentCard', Error: '', Status: 0, IdCommand: 'p-1', NumDevice: 3, UnitName: 'baz' },
      Command: 'GetRezult',
      Error: '',
      Status: 0,
      IdCommand: '',
    });
  });

  it.each([commandStatuses.error, commandStatuses.notFound, commandStatuses.alreadyDone])('of a failed command (%s) is an error with its text', (status) => {
    const answer = { ...failed, status };
    expect(writeResult('p-1', { command: paying, answer })).toEqual({
      Rezult: { Command: 'PayByPaymentCard', Error: failed.error, Status: status, IdCommand: 'p-1', NumDevice: 3, UnitName: 'baz' },
      Command: 'GetRezult',
      Error: failed.error,
      Status: 2,
      IdCommand: '',
    });
  });

  it('of an id nobody knows has a Rezult all the same', () => {
    expect(writeResult('nobody', null)).toMatchObject({
      Command: 'GetRezult',
      Status: 3,
      Error: expect.stringMatching(/./),
      Rezult: { Status: 3, IdCommand: 'nobody' },
    });
  });

  it('names a command that had no id by the one made here', () => {
    expect(writeResult('made-1', { command: unnamed, answer: done })).toMatchObject({ Rezult: { IdCommand: 'made-1' } });
  });
});
