import { useTranslation } from 'react-i18next';
import { TransportFields } from '../../equipment/transport-fields';
import { isComplete } from '../../equipment/transports';
import { StepInstructions } from '../../instructions/instructions';
import type { StepProps } from './step-props';
import { StepFrame } from './step-frame';

/** The cable, the address and the port. */
export function ConnectionStep({ walk, change, back, next }: StepProps) {
  const { t } = useTranslation('walk');
  return (
    <StepFrame title={t('connection.title')} onBack={back} onNext={next} nextDisabled={!isComplete(walk.transport)}>
      <StepInstructions model={walk.model} step={walk.transport.kind === 'tcp' ? 'lan' : 'usb'} />
      <TransportFields value={walk.transport} onChange={(transport) => change({ transport, linkTest: null })} faultAt={() => undefined} />
    </StepFrame>
  );
}
