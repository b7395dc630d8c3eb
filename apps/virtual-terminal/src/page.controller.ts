import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { pageFile } from './page-file';

/** Nothing inline, nothing from elsewhere, and in nobody's frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page where a person taps a card. */
@Controller()
export class PageController {
  /** The page itself. */
  @Get()
  @Header('content-security-policy', policy)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-cache')
  show(): Promise<StreamableFile> {
    return this.file('index.html');
  }

  /** What the page consists of: its style, its icon, and its modules, which it names without an ending. */
  @Get('page/:name')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  async file(@Param('name') name: string): Promise<StreamableFile> {
    const { bytes, type } = await pageFile(name);
    return new StreamableFile(bytes, { type });
  }
}
