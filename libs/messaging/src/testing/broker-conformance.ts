import { consumingConformance } from './conformance-consuming';
import { dispositionConformance } from './conformance-dispositions';
import { handOverConformance } from './conformance-hand-over';
import type { BrokerHarness } from './conformance-harness';
import { publishingConformance } from './conformance-publishing';
import { rpcConformance } from './conformance-rpc';

/** What every broker must do, real or in memory. Call it inside a `describe`; `make` starts a fresh server. */
export function brokerConformance(make: () => Promise<BrokerHarness>): void {
  publishingConformance(make);
  consumingConformance(make);
  dispositionConformance(make);
  handOverConformance(make);
  rpcConformance(make);
}
