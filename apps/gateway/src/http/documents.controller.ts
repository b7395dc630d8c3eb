import { Controller, Get, Req, Res } from '@nestjs/common';
import { errorCatalogue, Rejected } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import { asyncApiDocument, openApiDocument } from '@kkm/contracts';
import type { JsonSchema } from '@kkm/contracts';
import type { DoorReply, DoorRequest } from './exchange';

/** The documents, each made once, when it is first asked for: making them takes a good part of a start, and hardly anybody asks. */
export class Documents {
  private openApiMade: JsonSchema | null = null;
  private asyncApiMade: JsonSchema | null = null;

  /** @param version of the contract, in both documents. */
  constructor(private readonly version: string) {}

  get openApi(): JsonSchema {
    return (this.openApiMade ??= openApiDocument(this.version));
  }

  get asyncApi(): JsonSchema {
    return (this.asyncApiMade ??= asyncApiDocument(this.version));
  }
}

/** Documents of the contract, and the pages behind the `type` of problems. */
@Controller()
export class DocumentsController {
  constructor(private readonly documents: Documents) {}

  /** `GET /v1/openapi.json`. */
  @Get('v1/openapi.json')
  openApi(): JsonSchema {
    return this.documents.openApi;
  }

  /** `GET /v1/asyncapi.json`. */
  @Get('v1/asyncapi.json')
  asyncApi(): JsonSchema {
    return this.documents.asyncApi;
  }

  /** `GET /problems/{code}`: a page for people; JSON for programs that ask for it. */
  @Get('problems/:code')
  problem(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): object | string {
    const code = request.params['code'] ?? '';
    if (!isErrorCode(code)) throw new Rejected('request.not_found');
    const { status, title, remedy } = errorCatalogue[code];
    if (!String(request.headers['accept'] ?? '').includes('text/html')) return { code, status, title, remedy };
    reply.header('content-type', 'text/html; charset=utf-8');
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${code}</title><h1>${title}</h1><p><code>${code}</code>, HTTP status ${status}</p><p>${remedy}</p></html>`;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
