import { Paper, Stepper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnsaved } from '../../parts/leave-guard';
import { PageHeader } from '../../parts/page-header';
import { useSite } from '../../sites/sites';
import { CheckStep } from './check-step';
import { ConnectionStep } from './connection-step';
import { ModelStep } from './model-step';
import { RegisterStep } from './register-step';
import { TestStep } from './test-step';
import { newWalk, walkSteps } from './walk';
import type { Walk } from './walk';

const views = { model: ModelStep, connection: ConnectionStep, check: CheckStep, register: RegisterStep, test: TestStep } as const;

/** The guided walk from a terminal in its box to a test payment. */
export function AddTerminalPage() {
  const { t } = useTranslation('walk');
  const { siteId, sites } = useSite();
  const [walk, setWalk] = useState<Walk>(() => newWalk(siteId ?? ''));
  const [at, setAt] = useState(0);
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false;
  useUnsaved(!walk.isCreated && walk.name !== '');
  const known = { ...walk, siteId: walk.siteId === '' ? (siteId ?? (sites.length === 1 ? (sites[0]?.id ?? '') : '')) : walk.siteId };
  const View = views[walkSteps[at] ?? 'test'];
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Stepper active={at} orientation={isNarrow ? 'vertical' : 'horizontal'} size="sm" mb="md" allowNextStepsSelect={false}>
        {walkSteps.map((step) => (
          <Stepper.Step key={step} label={t(`steps.${step}`)} />
        ))}
      </Stepper>
      <Paper withBorder p="md" radius="md" maw={820}>
        <View
          walk={known}
          change={(members) => setWalk((before) => ({ ...before, ...members }))}
          back={() => setAt((now) => now - 1)}
          next={() => setAt((now) => now + 1)}
        />
      </Paper>
    </>
  );
}
