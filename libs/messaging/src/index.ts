export { RemoteFault } from './broker';
export type {
  Broker,
  BrokerState,
  CallHandler,
  ConsumeOptions,
  Delivery,
  Disposition,
  Handler,
  HintMessage,
  ListenBinding,
  OutgoingMessage,
  RawDelivery,
  RawHandler,
  RpcQueue,
  Subscription,
} from './broker';
export { bodyBytesMax } from './publisher';
export { connectBroker } from './connect-broker';
export type { ConnectOptions } from './connect-broker';
export type { BrokerMetrics, Clock, Log, Surroundings, Tracing } from './surroundings';
export { brokerMetrics } from './broker-metrics';
export { AmqpStrategy } from './amqp-strategy';
export type { AmqpStrategyOptions, FixedQueue } from './amqp-strategy';
export { PassErrorsFilter } from './pass-errors.filter';
