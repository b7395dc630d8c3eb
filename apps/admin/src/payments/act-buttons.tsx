import { Button, Group, Stack } from '@mantine/core';
import type { Method, Payment } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../parts/confirm';
import { OnceProblem } from '../parts/once-problem';
import { useSession } from '../session/session';
import { actsOf } from './acts';
import type { Acts } from './acts';
import { RedoDialog } from './redo-dialog';
import { RefundDialog } from './refund-dialog';
import { ResolveDialog } from './resolve-dialog';
import { usePaymentAct } from './use-payment-act';

/** The dialogs that the buttons open. */
type Asked = 'redo' | 'refund' | 'resolve' | 'cancel' | 'close';

/** The buttons that are right for a payment's state and a person's role. Nothing where there are none. */
export function ActButtons({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const { may } = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  const acts = actsOf(payment, may);
  const close = (): void => setAsked(null);
  return (
    <Stack gap="sm" role="group" aria-label={t('acts.label')}>
      {acts.redo && <RedoButtons payment={payment} onOther={() => setAsked('redo')} />}
      {acts.switchTo && <SwitchButton payment={payment} method={acts.switchTo} />}
      <Group gap="xs">
        {acts.cancel && (
          <Button color="red" variant="outline" onClick={() => setAsked('cancel')}>
            {t('acts.cancel')}
          </Button>
        )}
        {acts.refundMax !== null && (
          <Button variant="default" onClick={() => setAsked('refund')}>
            {t('acts.refund')}
          </Button>
        )}
        {acts.resolve && (
          <Button variant="default" onClick={() => setAsked('resolve')}>
            {t('acts.resolve')}
          </Button>
        )}
        {acts.close && (
          <Button variant="subtle" color="gray" onClick={() => setAsked('close')}>
            {t('acts.close')}
          </Button>
        )}
      </Group>
      <AskedDialog asked={asked} payment={payment} acts={acts} onClose={close} />
    </Stack>
  );
}

/** A redo by the method there was, and by the other one, is one click; for all else there is a dialog. */
function RedoButtons({ payment, onOther }: { readonly payment: Payment; readonly onOther: () => void }) {
  const { t } = useTranslation('payments');
  const redo = usePaymentAct('redo', payment);
  const all: readonly Method[] = [payment.method, ...(['card', 'sbp_qr'] as const).filter((method) => method !== payment.method)];
  const locked = redo.lost !== null;
  return (
    <>
      <Group gap="xs">
        {all.map((method, index) => (
          <Button
            key={method}
            variant={index === 0 ? 'filled' : 'light'}
            loading={redo.isPending}
            disabled={locked}
            onClick={() => redo.send(index === 0 ? {} : { method })}
          >
            {t('acts.redoSame', { method: t(`methods.${method}`) })}
          </Button>
        ))}
        <Button variant="default" onClick={onOther} disabled={redo.isPending || locked}>
          {t('acts.redoOther')}
        </Button>
      </Group>
      <OnceProblem once={redo} />
    </>
  );
}

function SwitchButton({ payment, method }: { readonly payment: Payment; readonly method: 'card' | 'sbp_qr' }) {
  const { t } = useTranslation('payments');
  const change = usePaymentAct('switch', payment);
  return (
    <>
      <Group>
        <Button variant="light" loading={change.isPending} disabled={change.lost !== null} onClick={() => change.send({ method })}>
          {t('acts.switch', { method: t(`methods.${method}`) })}
        </Button>
      </Group>
      <OnceProblem once={change} />
    </>
  );
}

interface AskedDialogProps {
  readonly asked: Asked | null;
  readonly payment: Payment;
  readonly acts: Acts;
  readonly onClose: () => void;
}

/** The open dialog. It closes by itself when what it asks about is no longer to be decided, unless the answer to it is awaited. */
function AskedDialog({ asked, payment, acts, onClose }: AskedDialogProps) {
  switch (asked) {
    case 'redo':
      return <RedoDialog payment={payment} onClose={onClose} onDone={() => {}} />;
    case 'refund':
      return acts.refundMax === null ? null : <RefundDialog payment={payment} refundMax={acts.refundMax} onClose={onClose} />;
    case 'resolve':
      return acts.resolve && <ResolveDialog payment={payment} attempt={acts.resolve} onClose={onClose} />;
    case 'cancel':
      return <AskStop act="cancel" payment={payment} onClose={onClose} />;
    case 'close':
      return <AskStop act="close" payment={payment} onClose={onClose} />;
    case null:
      return null;
  }
}

/** Asks before a payment is stopped, or closed for good. */
function AskStop({ act, payment, onClose }: { readonly act: 'cancel' | 'close'; readonly payment: Payment; readonly onClose: () => void }) {
  const { t } = useTranslation('payments');
  const stop = usePaymentAct(act, payment, onClose);
  const words = act === 'cancel' ? 'cancelAsk' : 'close';
  return (
    <Confirm
      opened
      title={t(`${words}.title`)}
      text={t(`${words}.text`)}
      confirm={t(`${words}.confirm`)}
      danger
      loading={stop.isPending}
      onConfirm={() => stop.send({})}
      onClose={onClose}
      {...(act === 'cancel' && { cancel: t('cancelAsk.keep') })}
    >
      <OnceProblem once={stop} />
    </Confirm>
  );
}
