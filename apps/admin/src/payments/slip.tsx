import { Button, Group, Spoiler, Stack } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** The slip of an attempt as the terminal wrote it, and a way to print nothing else. */
export function Slip({ text, number }: { readonly text: string; readonly number: number }) {
  const { t } = useTranslation(['payments', 'shell']);
  const slip = useRef<HTMLPreElement>(null);
  return (
    <Stack gap="xs">
      <Spoiler maxHeight={120} showLabel={t('shell:more')} hideLabel={t('shell:close')}>
        <pre ref={slip} className="kkm-slip" aria-label={t('slip.of', { number })}>
          {text}
        </pre>
      </Spoiler>
      <Group>
        <Button size="xs" variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => slip.current && printOnly(slip.current)}>
          {t('slip.print')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Prints one element: while the print is made, the style sheet hides all but a copy of it. */
function printOnly(element: HTMLElement): void {
  const copy = element.cloneNode(true) as HTMLElement;
  copy.classList.add('kkm-printed');
  document.body.append(copy);
  document.body.classList.add('kkm-printing');
  print();
  document.body.classList.remove('kkm-printing');
  copy.remove();
}
