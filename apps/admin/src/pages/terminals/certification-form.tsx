import { Button, Checkbox, Group, NumberInput, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, inPath } from '../../api/api';
import type { Terminal } from '../../equipment/equipment';
import { ProblemAlert } from '../../parts/problem-alert';
import { Card } from '../../parts/settings-card';
import { useSaving } from '../../parts/use-saving';
import { useWords } from '../../parts/words';
import { certificationsKey } from '../../terminals/certifications';

/** Minor units of each payment. */
const amount = 100;
const usualPayments = 20;
const paymentsMax = 100;
const allMethods = ['card', 'sbp_qr'] as const;

/** What is to be done. */
interface Plan {
  readonly payments: number;
  readonly methods: readonly (typeof allMethods)[number][];
  readonly link: 'lan' | 'usb';
  readonly cablePull: boolean;
  readonly restart: boolean;
}

/** What is tested, and how often. */
export function CertificationForm({ terminal, certified }: { readonly terminal: Terminal; readonly certified: boolean }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const navigate = useNavigate();
  const { siteId, id, transport } = terminal;
  const [plan, setPlan] = useState<Plan>({
    payments: usualPayments,
    methods: ['card'],
    link: transport.kind === 'serial' ? 'usb' : 'lan',
    cablePull: false,
    restart: false,
  });
  const { payments, methods } = plan;
  const starting = useSaving({
    save: () => api.post<'Certification'>(inPath`/v1/terminals/${id}/certifications`, { query: { siteId }, body: { ...plan, methods: [...methods], amount } }),
    touches: [certificationsKey],
    onSaved: (certification) => void navigate(`/terminals/${siteId}/${id}/certification/${certification.id}`),
    said: t('certification.running', { number: 1, count: payments }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (methods.length > 0) starting.mutate(undefined);
  };
  return (
    <Card title={t(certified ? 'certification.startAgain' : 'certification.start')} text={t('certification.text', { amount: words.money(amount) })}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <PlanFields plan={plan} change={(members) => setPlan({ ...plan, ...members })} />
          {starting.error !== null && <ProblemAlert problem={starting.error} />}
          <Group>
            <Button type="submit" loading={starting.isPending} disabled={methods.length === 0 || payments < 1}>
              {t('certification.start')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

interface PlanFieldsProps {
  readonly plan: Plan;
  readonly change: (members: Partial<Plan>) => void;
}

function PlanFields({ plan, change }: PlanFieldsProps) {
  const { t } = useTranslation('terminals');
  return (
    <>
      <NumberInput
        label={t('certification.payments')}
        description={t('certification.paymentsText')}
        min={1}
        max={paymentsMax}
        allowDecimal={false}
        clampBehavior="strict"
        value={plan.payments}
        onChange={(value) => change({ payments: Number(value) })}
      />
      <Checkbox.Group
        label={t('certification.methods')}
        value={[...plan.methods]}
        onChange={(chosen) => change({ methods: allMethods.filter((method) => chosen.includes(method)) })}
        error={plan.methods.length === 0 ? t('certification.methodsNeeded') : null}
      >
        <Group mt="xs">
          {allMethods.map((method) => (
            <Checkbox key={method} value={method} label={t(`certification.methodNames.${method}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <div>
        <Text size="sm" fw={500} id="certified-link">
          {t('certification.link')}
        </Text>
        <SegmentedControl
          aria-labelledby="certified-link"
          data={(['lan', 'usb'] as const).map((value) => ({ value, label: t(`certification.links.${value}`) }))}
          value={plan.link}
          onChange={(value) => change({ link: value === 'usb' ? 'usb' : 'lan' })}
        />
      </div>
      {(['cablePull', 'restart'] as const).map((name) => (
        <Switch key={name} label={t(`certification.${name}`)} checked={plan[name]} onChange={(event) => change({ [name]: event.currentTarget.checked })} />
      ))}
    </>
  );
}
