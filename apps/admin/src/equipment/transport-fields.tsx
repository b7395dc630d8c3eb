import { Alert, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { baudRates, parities } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { emptyTransports } from './transports';
import type { Transport } from './transports';

/** How a terminal is connected, as a part of a form. */
export interface TransportFieldsProps {
  readonly value: Transport;
  readonly onChange: (transport: Transport) => void;
  /** What is wrong at a member of the transport: `/host`. */
  readonly faultAt: (pointer: string) => string | undefined;
}

/** LAN or USB, and where. Says what is known about the steadiness of USB. */
export function TransportFields({ value, onChange, faultAt }: TransportFieldsProps) {
  const { t } = useTranslation('equipment');
  const [before, setBefore] = useState<Partial<Record<Transport['kind'], Transport>>>({});
  const choose = (kind: string): void => {
    if (kind !== 'tcp' && kind !== 'serial') return;
    setBefore({ ...before, [value.kind]: value });
    onChange(before[kind] ?? emptyTransports[kind]);
  };
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} mb={4} id="transport-kind">
          {t('transport.title')}
        </Text>
        <SegmentedControl
          aria-labelledby="transport-kind"
          data={[
            { value: 'tcp', label: t('transport.tcp') },
            { value: 'serial', label: t('transport.serial') },
          ]}
          value={value.kind}
          onChange={choose}
        />
      </div>
      {value.kind === 'tcp' ? (
        <TcpFields value={value} onChange={onChange} faultAt={faultAt} />
      ) : (
        <>
          <Alert color="orange" title={t('transport.usbWarning')}>
            {t('transport.usbWarningText')}
          </Alert>
          <SerialFields value={value} onChange={onChange} faultAt={faultAt} />
        </>
      )}
    </Stack>
  );
}

interface FieldsOf<Kind extends Transport['kind']> extends Omit<TransportFieldsProps, 'value'> {
  readonly value: Extract<Transport, { kind: Kind }>;
}

function TcpFields({ value, onChange, faultAt }: FieldsOf<'tcp'>) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <Select
        label={t('transport.mode')}
        allowDeselect={false}
        data={(['connect', 'listen'] as const).map((mode) => ({ value: mode, label: t(`transport.modes.${mode}`) }))}
        value={value.mode}
        onChange={(mode) => mode !== null && onChange({ ...value, mode })}
      />
      <TextInput
        label={t(value.mode === 'connect' ? 'transport.host' : 'transport.listenHost')}
        description={t(value.mode === 'connect' ? 'transport.hostText' : 'transport.listenHostText')}
        required
        autoComplete="off"
        placeholder={value.mode === 'connect' ? '192.168.1.40' : '0.0.0.0'}
        value={value.host}
        onChange={(event) => onChange({ ...value, host: event.currentTarget.value.trim() })}
        error={faultAt('/host')}
      />
      <NumberInput
        label={t('transport.port')}
        description={t('transport.portText')}
        required
        min={1}
        max={65_535}
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator={false}
        value={value.port === 0 ? '' : value.port}
        onChange={(port) => onChange({ ...value, port: Number(port) })}
        error={faultAt('/port')}
      />
    </>
  );
}

function SerialFields({ value, onChange, faultAt }: FieldsOf<'serial'>) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <TextInput
        label={t('transport.path')}
        description={t('transport.pathText')}
        required
        autoComplete="off"
        placeholder="/dev/serial/by-id/…"
        value={value.path}
        onChange={(event) => onChange({ ...value, path: event.currentTarget.value.trim() })}
        error={faultAt('/path')}
      />
      <Select
        label={t('transport.baudRate')}
        allowDeselect={false}
        data={baudRates.map((rate) => ({ value: String(rate), label: String(rate) }))}
        value={String(value.baudRate)}
        onChange={(text) => {
          const baudRate = baudRates.find((rate) => String(rate) === text);
          if (baudRate !== undefined) onChange({ ...value, baudRate });
        }}
        error={faultAt('/baudRate')}
      />
      <Select
        label={t('transport.parity')}
        allowDeselect={false}
        data={parities.map((parity) => ({ value: parity, label: t(`transport.parities.${parity}`) }))}
        value={value.parity}
        onChange={(parity) => parity !== null && onChange({ ...value, parity })}
      />
    </>
  );
}
