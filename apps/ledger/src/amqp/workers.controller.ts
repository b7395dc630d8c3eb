import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { baselineRequest, endBaselineRequest, heartbeatRequest, knowledgeRequest, leaseRequest, permitRequest } from '@kkm/contracts';
import type { BaselineAnswer, EndBaselineAnswer, HeartbeatAnswer, LeaseAnswer, PermitAnswer, TerminalKnowledge } from '@kkm/core';
import { EndBaseline, GrantPermit, Heartbeat, LeaseTerminal, ReadTerminalKnowledge, RecordBaseline } from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import { LedgerWatch } from '../ledger-watch';
import { checked } from './checked';
import { Trust } from './trust';

/** Gives permits. A worker may speak for its own site only. */
@Controller()
export class PermitsController {
  constructor(
    private readonly permitting: GrantPermit,
    private readonly trust: Trust,
    private readonly watch: LedgerWatch,
  ) {}

  /** The right to send an attempt's financial bytes, or why not. */
  @MessagePattern('worker.permit')
  async permit(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<PermitAnswer> {
    const request = checked(permitRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    const answer = await this.permitting.execute(request);
    this.watch.permitAnswered(request, answer);
    return answer;
  }
}

/** Gives leases and keeps them. A worker may speak for its own site only. */
@Controller()
export class LeasesController {
  constructor(
    private readonly leasing: LeaseTerminal,
    private readonly heartbeats: Heartbeat,
    private readonly trust: Trust,
  ) {}

  /** The right to connect to a terminal. */
  @MessagePattern('worker.lease')
  async lease(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<LeaseAnswer> {
    const request = checked(leaseRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.leasing.execute(request);
  }

  /** Keeps leases and membership. */
  @MessagePattern('worker.heartbeat')
  async heartbeat(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<HeartbeatAnswer> {
    const request = checked(heartbeatRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.heartbeats.execute(request);
  }
}

/** Keeps and tells what is known of terminals' operations. A worker may speak for its own site only. */
@Controller()
export class KnowledgeController {
  constructor(
    private readonly recording: RecordBaseline,
    private readonly ending: EndBaseline,
    private readonly reading: ReadTerminalKnowledge,
    private readonly trust: Trust,
  ) {}

  /** A report read while nothing is unfinished at the terminal. */
  @MessagePattern('worker.baseline')
  async baseline(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<BaselineAnswer> {
    const request = checked(baselineRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.recording.execute(request);
  }

  /** The terminal is about to be settled. */
  @MessagePattern('worker.baseline-ends')
  async baselineEnds(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<EndBaselineAnswer> {
    const request = checked(endBaselineRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.ending.execute(request);
  }

  /** What a report is held against. */
  @MessagePattern('worker.knowledge')
  async knowledge(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<TerminalKnowledge> {
    const request = checked(knowledgeRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.reading.execute(request);
  }
}
