import { driverNamed } from '@kkm/drivers';
import type { DriverLog } from '@kkm/drivers';
import type { TerminalLinks } from '@kkm/flow/worker';
import type { Logger } from '@kkm/observability';
import { connectTcp, listenTcp, machineTimers, openSerial } from '@kkm/transports';
import { unreachable } from '@kkm/core';
import type { TerminalSettings, Transport } from '@kkm/core';

/** How long a terminal is given to accept a connection. */
const connectTimeoutMs = 3_000;

/** How long a terminal that connects by itself is waited for; it tries again every few seconds. */
const listenTimeoutMs = 10_000;

/** Opens connections to terminals with the driver and transport of their settings. */
export function terminalConnections(log: Logger): TerminalLinks {
  return {
    open: async (settings) => {
      const driver = driverNamed(settings.driver);
      const profile = driver.parseProfile(settings.profile);
      const transport = await transportTo(settings);
      return driver.converse({ transport, profile, timers: machineTimers, log: lineLog(log, settings) });
    },
    reference: (settings, attemptId) => driverNamed(settings.driver).reference(attemptId),
    qrShowSeconds: (settings) => driverNamed(settings.driver).parseProfile(settings.profile).qrShowSeconds,
    cardWaitMs: (settings) => driverNamed(settings.driver).parseProfile(settings.profile).cardWaitMs,
  };
}

function transportTo({ transport }: TerminalSettings): Promise<Transport> {
  switch (transport.kind) {
    case 'tcp': {
      const { mode, host, port } = transport;
      return mode === 'connect' ? connectTcp({ host, port, timeoutMs: connectTimeoutMs }) : listenTcp({ host, port, timeoutMs: listenTimeoutMs });
    }
    case 'serial':
      return openSerial(transport);
    default:
      return unreachable(transport);
  }
}

function lineLog(log: Logger, { terminalId }: TerminalSettings): DriverLog {
  return ({ message, details, notable }) => log[notable ? 'warn' : 'debug']({ terminalId, ...details }, message);
}
