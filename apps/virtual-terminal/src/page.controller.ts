import { Controller, Get, Header } from '@nestjs/common';
import { page } from './page';

/** The page where a person taps a card. */
@Controller()
export class PageController {
  /** One page, no further files. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src 'self'")
  show(): string {
    return page;
  }
}
