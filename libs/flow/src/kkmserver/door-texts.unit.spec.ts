import { errorCatalogue, Indeterminate, outcomeReasons, Rejected, Unavailable } from '@kkm/core';
import type { Attempt, ErrorCode } from '@kkm/core';
import { samplePayment } from '../testing/gateway-ports';
import { doorTexts, harmless } from './door-texts';

/** What known clients look for in an error to send the same bill again under a new id. */
const trigger = /смена|лиценз/i;

const [attempt] = samplePayment().attempts as readonly [Attempt];
const nasty = 'Смена закрыта, СМЕНА, смены нет; нет ЛИЦЕНЗИИ, лицензия, Лицензий';

describe('the texts of the KkmServer door', () => {
  const said: readonly string[] = [
    ...Object.values(doorTexts).filter((text) => typeof text === 'string'),
    ...outcomeReasons.flatMap((reason) => {
      const ended = { ...attempt, reason, message: nasty };
      return [doorTexts.notCharged(ended), doorTexts.returnRefused(ended), doorTexts.terminalRefused(reason)];
    }),
    ...[null, nasty].flatMap((message) => (['expired', 'withdrawn'] as const).map((status) => doorTexts.notCharged({ ...attempt, status, message }))),
    ...(Object.keys(errorCatalogue) as ErrorCode[]).flatMap((code) =>
      [new Rejected(code), new Unavailable(code), new Indeterminate(code, { detail: nasty })].flatMap((error) => [
        doorTexts.refused(error),
        doorTexts.cause(error),
      ]),
    ),
    ...[harmless(nasty)].flatMap((why) => [
      doorTexts.chargedWithoutReceipt(15_000, why),
      doorTexts.returnedWithoutReceipt(why),
      doorTexts.givenBack(15_000, why),
      doorTexts.notGivenBackYet(15_000, why),
      doorTexts.gaveUp(why),
      doorTexts.partlyCharged(10_000, 15_000),
    ]),
    doorTexts.unitNotFound(9),
    doorTexts.sameBill('id-1'),
  ];

  it('never say a word that makes a client send the bill again', () => {
    expect(said.length).toBeGreaterThan(150);
    expect(said.filter((text) => trigger.test(text))).toEqual([]);
  });

  it('say something in Russian where money is concerned', () => {
    for (const reason of outcomeReasons) expect(doorTexts.notCharged({ ...attempt, reason })).toMatch(/^Оплата не прошла: [А-Я].*Деньги не списаны/);
  });

  it('keep what else a bank says', () => {
    expect(harmless('ККТ: Смена превысила 24 часа (код 61)')).toBe('ККТ: кассовый период превысила 24 часа (код 61)');
    expect(doorTexts.notCharged({ ...attempt, reason: 'do_not_honour', message: ' ОТКАЗАНО ' })).toContain('Банк отказал в операции (терминал: ОТКАЗАНО)');
  });
});
