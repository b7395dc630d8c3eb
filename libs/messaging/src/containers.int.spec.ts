import { brokerOn, describeWith, startRabbit } from '@kkm/testkit';
import type { RabbitContainer } from '@kkm/testkit';
import { brokerConformance } from './testing/broker-conformance';
import { rabbitHarness } from './testing/rabbit-harness';

describeWith(['containers'], 'connectBroker on RabbitMQ 4 in a container', () => {
  let container: RabbitContainer;
  beforeAll(async () => {
    container = await startRabbit();
  }, 180_000);
  afterAll(() => container.stop());

  brokerConformance(() => rabbitHarness(() => brokerOn(container)));
});
