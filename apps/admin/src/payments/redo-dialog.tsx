import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { methods } from '@kkm/core';
import type { Method, Payment } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { everyPage } from '../api/every-page';
import { OnceProblem } from '../parts/once-problem';
import { useWords } from '../parts/words';
import { AmountInput } from './amount-input';
import { minorOf, typedOf } from './amounts';
import { Dialog } from '../parts/dialog';
import { usePaymentAct } from './use-payment-act';

/** What a redo is asked about, and who hears of it. */
export interface RedoDialogProps {
  readonly payment: Payment;
  readonly onClose: () => void;
  readonly onDone: (payment: Payment) => void;
}

/** Redoes a payment otherwise: by another method, on another terminal, or a lower amount. */
export function RedoDialog({ payment, onClose, onDone }: RedoDialogProps) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const [method, setMethod] = useState<Method>(payment.method);
  const [terminalId, setTerminalId] = useState(payment.terminalId);
  const [typed, setTyped] = useState(typedOf(payment.amount));
  const terminals = useTerminals(payment.siteId);
  const redo = usePaymentAct('redo', payment, (after) => {
    onClose();
    onDone(after);
  });
  const amount = minorOf(typed);
  const isWrong = amount === null || amount > payment.amount;
  const most = words.money(payment.amount, payment.currency);
  const locked = redo.lost !== null;
  const confirm = (): void => {
    if (isWrong) return;
    redo.send({ method, terminalId, ...(amount !== payment.amount && { amount }) });
  };
  return (
    <Dialog
      title={t('redo.title')}
      text={t('redo.text')}
      confirm={t('redo.confirm')}
      isPending={redo.isPending}
      isLocked={locked}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Select
        label={t('redo.method')}
        allowDeselect={false}
        disabled={locked}
        data={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
        value={method}
        onChange={(value) => setMethod(methods.find((one) => one === value) ?? method)}
      />
      <Select
        label={t('redo.terminal')}
        allowDeselect={false}
        disabled={locked}
        data={optionsOf(terminals, payment.terminalId)}
        value={terminalId}
        onChange={(value) => setTerminalId(value ?? terminalId)}
      />
      <AmountInput
        label={t('redo.amount')}
        description={t('redo.amountText', { amount: most })}
        value={typed}
        onChange={setTyped}
        disabled={locked}
        error={isWrong ? t('redo.amountWrong', { amount: most }) : null}
      />
      <OnceProblem once={redo} />
    </Dialog>
  );
}

type Terminal = ReadBody<'Terminal'>;

/** Terminals that are switched on, and the one the payment is on, whatever became of it. */
function optionsOf(terminals: readonly Terminal[], present: string): { readonly value: string; readonly label: string }[] {
  const usable = terminals.filter(({ id, enabled }) => enabled || id === present);
  const options = usable.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }));
  return options.some(({ value }) => value === present) ? options : [{ value: present, label: present }, ...options];
}

function useTerminals(siteId: string): readonly Terminal[] {
  const { data } = useQuery({
    queryKey: ['payments-terminals', siteId],
    queryFn: ({ signal }) => everyPage<'TerminalPage', Terminal>('/v1/terminals', { take: (page) => page.terminals, query: { siteId }, signal }),
    staleTime: 30_000,
  });
  return data ?? [];
}
