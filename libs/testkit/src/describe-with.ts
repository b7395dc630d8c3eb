import { existsSync } from 'node:fs';
import { chromiumMissing } from './chromium';
import { composeMissing } from './compose-missing';
import { pgDumpMissing } from './pg-dump-missing';
import { promtoolMissing } from './promtool-missing';
import { spinMissing } from './spin-missing';
import { socatMissing } from './test-cable';
import { readTestServers } from './test-servers.config';

/**
 * What a suite needs: a server, an engine with the images for containers of its own, one that can start the compose stack, the program of which a test runs nodes of its own,
 * the checker of models, the program that makes cables, a browser, the programs that back a database up, or the tool that tests alerts.
 */
export type Need = 'broker' | 'database' | 'containers' | 'compose' | 'rabbitmq-server' | 'spin' | 'socat' | 'chromium' | 'pg_dump' | 'promtool';

/** A suite that runs where its servers are and is reported as skipped, with the reason in its title, where they are not. Never passed unseen. */
export function describeWith(needs: readonly Need[], title: string, body: () => void): void {
  const reasons = needs.map(missing).filter((reason) => reason !== null);
  if (reasons.length === 0) describe(title, body);
  else skipped(`${title} [skipped: ${reasons.join('; ')}]`, body);
}

/** Reports the suite as skipped. The one place that may: what is missing is a server, not a test. Jest is looked for only here, so that programs can use the rest of the kit. */
function skipped(title: string, body: () => void): void {
  describe.skip(title, body);
}

function missing(need: Need): string | null {
  const servers = readTestServers();
  const why = servers.missing ?? 'the environment does not name it';
  switch (need) {
    case 'broker':
      return servers.amqpUrl && servers.amqpManagementUrl ? null : `no RabbitMQ, ${why}`;
    case 'database':
      return servers.databaseUrl ? null : `no Postgres, ${why}`;
    case 'containers':
      return servers.containersMissing === null ? null : `no containers, ${servers.containersMissing}`;
    case 'rabbitmq-server':
      return existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') ? null : 'no rabbitmq-server on this machine';
    case 'promtool':
      return promtoolMissing();
    case 'pg_dump':
      return pgDumpMissing();
    case 'compose': {
      const reason = composeMissing();
      return reason === null ? null : `no compose stack, ${reason}`;
    }
    case 'spin': {
      const reason = spinMissing();
      return reason === null ? null : `no spin, ${reason}`;
    }
    case 'socat': {
      const reason = socatMissing();
      return reason === null ? null : `no socat, ${reason}`;
    }
    case 'chromium': {
      const reason = chromiumMissing();
      return reason === null ? null : `no Chromium, ${reason}`;
    }
  }
}
