import { Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import {
  askWebhookBody,
  changeWebhookEndpointBody,
  createWebhookEndpointBody,
  listWebhookDeliveriesQuery,
  listWebhookEndpointsQuery,
  replayWebhooksBody,
  rotateWebhookSecretBody,
} from '@kkm/contracts';
import type { DeliveryPage, ReplayedRange, WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import { checked } from '../checked';
import { WebhookEndpoints } from '../webhooks/webhook-endpoints';
import type { IssuedWebhookEndpoint } from '../webhooks/webhook-endpoints';
import { idOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** Webhook endpoints over HTTP. */
@Controller('v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  /** A page, without secrets. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ webhookEndpoints: readonly WebhookEndpoint[]; next: string | null }> {
    return this.endpoints.list(checked(listWebhookEndpointsQuery, request.query, 'query:'), callerOf(request));
  }

  /** Makes one and shows its secret once. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<IssuedWebhookEndpoint> {
    const issued = await this.endpoints.create(checked(createWebhookEndpointBody, request.body), callerOf(request));
    reply.header('location', `/v1/webhook-endpoints/${issued.id}`);
    return issued;
  }

  /** Reads one, without its secret. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<WebhookEndpoint> {
    return this.endpoints.read(idOf(request), callerOf(request));
  }

  /** Changes the named members. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<WebhookEndpoint> {
    return this.endpoints.change(idOf(request), checked(changeWebhookEndpointBody, request.body), callerOf(request));
  }

  /** Deletes. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.endpoints.delete(idOf(request), callerOf(request));
  }

  /** Gives a new secret and shows it once. */
  @Post(':id/rotate')
  @HttpCode(200)
  rotate(@Req() request: DoorRequest): Promise<IssuedWebhookEndpoint> {
    const { overlapSeconds } = checked(rotateWebhookSecretBody, request.body ?? {});
    return this.endpoints.rotate(idOf(request), overlapSeconds, callerOf(request));
  }
}

/** What goes to webhook endpoints, over HTTP. */
@Controller('v1/webhook-endpoints')
export class WebhookDeliveriesController {
  constructor(private readonly endpoints: WebhookEndpoints) {}

  /** A page, with every try. */
  @Get(':id/deliveries')
  list(@Req() request: DoorRequest): Promise<DeliveryPage> {
    return this.endpoints.deliveries(idOf(request), checked(listWebhookDeliveriesQuery, request.query, 'query:'), callerOf(request));
  }

  /** Sends an event that tells of no payment. */
  @Post(':id/test')
  @HttpCode(202)
  test(@Req() request: DoorRequest): Promise<WebhookDelivery> {
    checked(askWebhookBody, request.body ?? {});
    return this.endpoints.test(idOf(request), callerOf(request));
  }

  /** Sends the event of a delivery once more. */
  @Post(':id/deliveries/:deliveryId/replay')
  @HttpCode(202)
  replay(@Req() request: DoorRequest): Promise<WebhookDelivery> {
    checked(askWebhookBody, request.body ?? {});
    return this.endpoints.replay({ id: idOf(request), deliveryId: request.params['deliveryId'] ?? '' }, callerOf(request));
  }

  /** Sends the events of a range of time once more. */
  @Post(':id/replay')
  @HttpCode(202)
  replayRange(@Req() request: DoorRequest): Promise<ReplayedRange> {
    const { from, to, only } = checked(replayWebhooksBody, request.body);
    const range = { from: utc(from), to: to === undefined ? new Date().toISOString() : utc(to), only };
    return this.endpoints.replayRange(idOf(request), range, callerOf(request));
  }
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
