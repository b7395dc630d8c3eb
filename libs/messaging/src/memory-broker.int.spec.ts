import { brokerConformance } from './testing/broker-conformance';
import { memoryHarness } from './testing/memory-harness';

describe('connectMemoryBroker', () => {
  brokerConformance(memoryHarness);
});
