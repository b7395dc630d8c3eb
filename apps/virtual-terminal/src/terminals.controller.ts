import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Put, StreamableFile } from '@nestjs/common';
import { Rejected } from '@kkm/core';
import { readAttendant, readBehaviour, readCustomer } from './control-input';
import { Counter } from './counter';
import type { PlayedTerminal } from './played-terminal';
import { qrPicture } from './sbp/qr-picture';
import { terminalView } from './terminal-view';
import type { TerminalView } from './terminal-view';

/** The control API of the terminals, for tests and for the page (design chapter 8). */
@Controller('terminals')
export class TerminalsController {
  constructor(@Inject(Counter) private readonly counter: Counter) {}

  /** All terminals and their screens. */
  @Get()
  list(): { readonly terminals: readonly TerminalView[] } {
    return { terminals: this.counter.all().map(terminalView) };
  }

  /** One terminal and its screen. */
  @Get(':id')
  read(@Param('id') id: string): TerminalView {
    return terminalView(this.found(id));
  }

  /** The picture of the QR code on its screen, as a telephone scans it; 404 when none is shown. */
  @Get(':id/qr.png')
  @Header('content-type', 'image/png')
  @Header('cache-control', 'no-store')
  async picture(@Param('id') id: string): Promise<StreamableFile> {
    const { qr } = this.found(id).machine.screen;
    if (qr === null) throw new Rejected('request.not_found', { detail: `The terminal "${id}" shows no QR code.` });
    return new StreamableFile(await qrPicture(qr));
  }

  /** The guest does something; 409 when the terminal does not ask for it. */
  @Post(':id/customer')
  @HttpCode(200)
  customer(@Param('id') id: string, @Body() body: unknown): TerminalView {
    const terminal = this.found(id);
    const input = readCustomer(body);
    const refusal = terminal.machine.refusalOf(input.action);
    if (refusal) throw new Rejected('terminal.not_waiting', { detail: refusal });
    terminal.feed({ kind: 'customer', ...input });
    return terminalView(terminal);
  }

  /**
   * Staff uses the terminal past the register: `{action: "sale", amount}` keys in a payment, `{action: "settle"}` closes the day, and both get 409 while it is
   * busy. `pull_cable`, `plug_in` and `restart` are possible at any time.
   */
  @Post(':id/attendant')
  @HttpCode(200)
  attendant(@Param('id') id: string, @Body() body: unknown): TerminalView {
    const terminal = this.found(id);
    const input = readAttendant(body);
    if (input.kind === 'attendant' && !terminal.machine.isFree)
      throw new Rejected('terminal.not_waiting', { detail: 'The terminal is off, or busy with a payment.' });
    terminal.feed(input);
    return terminalView(terminal);
  }

  /** Replaces the behaviour and the faults that have not fired; an operation that runs is not altered. */
  @Put(':id/behaviour')
  behaviour(@Param('id') id: string, @Body() body: unknown): TerminalView {
    const terminal = this.found(id);
    terminal.feed({ kind: 'behaviour', behaviour: readBehaviour(body, terminal.machine.behaviour) });
    return terminalView(terminal);
  }

  private found(id: string): PlayedTerminal {
    const terminal = this.counter.find(id);
    if (!terminal) throw new Rejected('equipment.not_found', { detail: `There is no virtual terminal "${id}".` });
    return terminal;
  }
}
