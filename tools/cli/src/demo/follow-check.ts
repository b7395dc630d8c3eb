import { randomUUID } from 'node:crypto';
import { formatMinor } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Endpoints } from '../system/endpoints';
import { paymentByRrn, postToDoor } from './calls';

/** What the door answers to a check, as far as the demo tells it. */
interface CheckAnswer {
  readonly Status: number;
  readonly Error: string;
  readonly CheckNumber?: number;
  readonly SessionNumber?: number;
  readonly RezultProcessing?: { readonly RRNCode?: string; readonly AuthorizationCode?: string };
}

/** Seconds that the door may hold its answer; the guest taps within one. */
const waitSeconds = 20;

/**
 * Sells over the KkmServer door, as a program does that knows nothing of KKM: a check whose electronic part the register's automatic acquiring charges. Sends it again under the same id, which
 * must charge nothing. Returns the payment that the check opened; throws when anything does not come out as it must.
 */
export async function followCheck(endpoints: Endpoints, amountMinor: number, say: (line: string) => void): Promise<Payment> {
  const startedMs = performance.now();
  const tell = (step: string, detail: string): void =>
    say(`  ${String(Math.round(performance.now() - startedMs)).padStart(6)} ms  ${step.padEnd(16)}${detail}`);
  const check = checkOver(amountMinor / 100);
  tell('sent', `RegisterCheck over ${formatMinor(amountMinor)} RUB to ${endpoints.kkmserver}/Execute, IdCommand ${check.IdCommand}`);
  const answer = await postToDoor<CheckAnswer>(endpoints, check);
  const { RRNCode: rrn, AuthorizationCode: code } = answer.RezultProcessing ?? {};
  if (answer.Status !== 0 || !rrn) throw new Error(`the door answered ${JSON.stringify(answer)}`);
  tell('answered', `Status 0, check ${answer.CheckNumber} of shift ${answer.SessionNumber}, RRN ${rrn}, code ${code}`);
  const again = await postToDoor<CheckAnswer>(endpoints, check);
  if (again.RezultProcessing?.RRNCode !== rrn) throw new Error(`the same check sent again was answered ${JSON.stringify(again)}`);
  tell('sent again', 'the same IdCommand gets the same answer; nothing is charged');
  return paymentByRrn(endpoints, rrn);
}

function checkOver(roubles: number) {
  return {
    ...{ Command: 'RegisterCheck', IdCommand: randomUUID(), Timeout: waitSeconds, IsFiscalCheck: true, TypeCheck: 0, CashierName: 'Ivanova' },
    ElectronicPayment: roubles,
    CheckStrings: [{ Register: { Name: 'One hour', Quantity: 1, Price: roubles, Amount: roubles, Tax: -1 } }],
  };
}
