import { Anchor, Button, Group, List } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { StepInstructions } from '../../instructions/instructions';
import { TestPayments } from '../../terminals/test-payments';
import type { StepProps } from './step-props';
import { StepFrame } from './step-frame';

/** A card and a QR for 1.00, given back at once; then the ways on. */
export function TestStep({ walk }: StepProps) {
  const { t } = useTranslation('walk');
  const page = `/terminals/${walk.siteId}/${walk.id}`;
  return (
    <StepFrame title={t('test.title')}>
      <StepInstructions model={walk.model} step="test" />
      <TestPayments siteId={walk.siteId} terminalId={walk.id} />
      <List size="sm">
        <List.Item>
          <Anchor component={Link} to={`${page}/certification`}>
            {t('test.certify')}
          </Anchor>
        </List.Item>
        <List.Item>
          <Anchor component={Link} to={`/equipment/terminals/${walk.siteId}/${walk.id}`}>
            {t('test.settings')}
          </Anchor>
        </List.Item>
      </List>
      <Group>
        <Button component={Link} to={page}>
          {t('test.done')}
        </Button>
      </Group>
    </StepFrame>
  );
}
