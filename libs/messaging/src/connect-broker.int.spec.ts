import { describeWith } from '@kkm/testkit';
import { brokerConformance } from './testing/broker-conformance';
import { rabbitHarness } from './testing/rabbit-harness';

describeWith(['broker'], 'connectBroker on RabbitMQ', () => {
  brokerConformance(() => rabbitHarness());
});
