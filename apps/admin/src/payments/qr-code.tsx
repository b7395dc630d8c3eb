import { Code, Stack, Text } from '@mantine/core';
import type { ShownQr } from '@kkm/core';
import { create } from 'qrcode';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../parts/words';

/** White around a code, in its modules, as ISO/IEC 18004 asks for. */
const quiet = 4;

/** A bank's QR as the terminal shows it: black on white in either scheme, so that it can be scanned from here too. */
export function QrCode({ qr }: { readonly qr: ShownQr }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { path, size } = useMemo(() => drawn(qr.payload), [qr.payload]);
  return (
    <Stack gap="xs" align="flex-start">
      <svg role="img" aria-label={t('qr.label')} viewBox={`0 0 ${size} ${size}`} width={220} height={220} shapeRendering="crispEdges" className="kkm-qr">
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <Text size="sm">{t('qr.left', { until: words.time(qr.expiresAt) })}</Text>
      <Code className="kkm-wrap" aria-label={t('qr.payload')}>
        {qr.payload}
      </Code>
    </Stack>
  );
}

/** The dark modules of a text, as one path. */
function drawn(payload: string): { readonly path: string; readonly size: number } {
  const { data, size } = create(payload, { errorCorrectionLevel: 'M' }).modules;
  const dark = [...data.keys()].filter((index) => data[index] === 1);
  const path = dark.map((index) => `M${(index % size) + quiet} ${Math.floor(index / size) + quiet}h1v1h-1z`).join('');
  return { path, size: size + 2 * quiet };
}
