import { Controller, Get, Req, Res } from '@nestjs/common';
import { AdminPage } from './admin-page';
import type { DoorReply, DoorRequest } from './exchange';

/** Serves the admin page. Its files are no routes of the contract: whoever opens them is not known yet, and they hold nothing secret. */
@Controller()
export class AdminPageController {
  constructor(private readonly page: AdminPage) {}

  /** Leads to the page. */
  @Get(['', 'admin'])
  lead(@Res() reply: DoorReply): void {
    reply.status(302).header('location', '/admin/').send('');
  }

  /** `GET /admin/…`: a file, or the index where the path is the page's own. */
  @Get('admin/*')
  async serve(@Req() request: DoorRequest, @Res() reply: DoorReply): Promise<void> {
    const answer = await this.page.at(request.params['*'] ?? '', String(request.headers['accept'] ?? ''));
    if (answer.kind === 'file') {
      reply.header('cache-control', answer.cacheControl).sendFile(answer.name);
      return;
    }
    reply.header('cache-control', 'no-cache').header('content-security-policy', answer.contentSecurityPolicy);
    reply.header('content-type', 'text/html; charset=utf-8').send(answer.html);
  }
}
