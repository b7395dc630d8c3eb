import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Rejected } from '@kkm/core';

/** What is answered to a browser that asks for a path of the page. */
export type PageAnswer =
  | { readonly kind: 'index'; readonly html: string; readonly contentSecurityPolicy: string }
  | { readonly kind: 'file'; readonly name: string; readonly cacheControl: string };

/** A file of the page: of its root, or of its assets. Nothing that could lead elsewhere. */
const fileName = /^(?:assets\/)?[\w-][\w.-]{0,150}$/;

/** The build puts a hash of the content into these names, so they never change. */
const forEver = 'public, max-age=31536000, immutable';

/** What stands in the built index where each answer gets a nonce of its own. */
const noncePlace = '__KKM_STYLE_NONCE__';

/** The built admin page (ADR 0017): which file a path is, and what a browser may do with it. */
export class AdminPage {
  private readonly index: string;

  /** @param root folder of the build; it need not exist. */
  constructor(readonly root: string) {
    this.index = join(root, 'index.html');
  }

  /** Whether the page was built. */
  get exists(): boolean {
    return existsSync(this.index);
  }

  /**
   * What is at a path below `/admin/`: a file, or the index for the page's own routes.
   * @throws Rejected `page.missing`; `request.not_found` for a file that is not there.
   */
  async at(path: string, accept: string): Promise<PageAnswer> {
    if (!this.exists) throw new Rejected('page.missing');
    if (path !== 'index.html' && fileName.test(path) && (await this.isFile(path)))
      return { kind: 'file', name: path, cacheControl: path.startsWith('assets/') ? forEver : 'no-cache' };
    if (path.startsWith('assets/') || !accept.includes('text/html')) throw new Rejected('request.not_found');
    return this.freshIndex();
  }

  private async freshIndex(): Promise<PageAnswer> {
    const nonce = randomBytes(16).toString('base64url');
    const html = (await readFile(this.index, 'utf8')).replaceAll(noncePlace, nonce);
    return { kind: 'index', html, contentSecurityPolicy: policyOf(nonce) };
  }

  private async isFile(name: string): Promise<boolean> {
    const found = await stat(join(this.root, name)).catch(() => null); // Not there.
    return found?.isFile() ?? false;
  }
}

/** Scripts of the page's own files alone; style elements with the nonce, which the component library makes; nothing framed, nothing from elsewhere. */
function policyOf(nonce: string): string {
  const directives = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ];
  return directives.join('; ');
}
