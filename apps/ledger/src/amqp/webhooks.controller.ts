import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  changeWebhookRequest,
  createWebhookRequest,
  listDeliveriesRequest,
  listWebhooksRequest,
  namedWebhook,
  replayDeliveryRequest,
  replayRangeRequest,
  rotateWebhookRequest,
} from '@kkm/contracts';
import type { DeliveryPage, ReplayedRange, SbpSealingKey, WebhookDelivery, WebhookEndpoint, WebhookPage } from '@kkm/core';
import type { Delivery } from '@kkm/messaging';
import { WebhookDesk } from '../webhooks/webhook-desk';
import { checked } from './checked';
import { Trust } from './trust';

/** Webhook endpoints, for the gateway. */
@Controller()
export class WebhookEndpointsController {
  constructor(
    private readonly desk: WebhookDesk,
    private readonly trust: Trust,
  ) {}

  /** The key that secrets are sealed to. */
  @MessagePattern('webhooks.sealing-key')
  sealingKey(@Ctx() delivery: Delivery): SbpSealingKey {
    this.trust.requireService(delivery);
    return this.desk.sealingKey();
  }

  /** Makes one. */
  @MessagePattern('webhooks.create')
  create(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookEndpoint> {
    this.trust.requireService(delivery);
    return this.desk.create(checked(createWebhookRequest, body));
  }

  /** A page. */
  @MessagePattern('webhooks.list')
  list(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookPage> {
    this.trust.requireService(delivery);
    return this.desk.list(checked(listWebhooksRequest, body));
  }

  /** Reads one. */
  @MessagePattern('webhooks.read')
  read(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookEndpoint> {
    this.trust.requireService(delivery);
    return this.desk.read(checked(namedWebhook, body));
  }

  /** Changes one. */
  @MessagePattern('webhooks.change')
  change(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookEndpoint> {
    this.trust.requireService(delivery);
    return this.desk.change(checked(changeWebhookRequest, body));
  }

  /** Deletes one. */
  @MessagePattern('webhooks.delete')
  delete(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<null> {
    this.trust.requireService(delivery);
    return this.desk.delete(checked(namedWebhook, body));
  }

  /** Gives one a new secret. */
  @MessagePattern('webhooks.rotate')
  rotate(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookEndpoint> {
    this.trust.requireService(delivery);
    return this.desk.rotate(checked(rotateWebhookRequest, body));
  }
}

/** Deliveries of webhooks, for the gateway. */
@Controller()
export class WebhookDeliveriesController {
  constructor(
    private readonly desk: WebhookDesk,
    private readonly trust: Trust,
  ) {}

  /** A page. */
  @MessagePattern('webhooks.deliveries')
  deliveries(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<DeliveryPage> {
    this.trust.requireService(delivery);
    return this.desk.deliveries(checked(listDeliveriesRequest, body));
  }

  /** Tries an endpoint. */
  @MessagePattern('webhooks.test')
  test(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookDelivery> {
    this.trust.requireService(delivery);
    return this.desk.test(checked(namedWebhook, body));
  }

  /** Once more. */
  @MessagePattern('webhooks.replay')
  replay(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<WebhookDelivery> {
    this.trust.requireService(delivery);
    return this.desk.replay(checked(replayDeliveryRequest, body));
  }

  /** A range once more. */
  @MessagePattern('webhooks.replay-range')
  replayRange(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<ReplayedRange> {
    this.trust.requireService(delivery);
    return this.desk.replayRange(checked(replayRangeRequest, body));
  }
}
