import type { errorCatalogue } from '@kkm/core';

/** The catalogue as a page with one heading per code, so that every code has an address. */
export function errorList(catalogue: typeof errorCatalogue): string {
  const sections = Object.entries(catalogue).map(([code, { status, title, remedy }]) => `## ${code}\n\n**${title}.** HTTP ${status}. ${remedy}`);
  return [
    '# Errors',
    'Every error is `application/problem+json` (RFC 9457) with one of these codes in `code`. Codes are never renamed; texts may change. This page is made from `libs/core/src/error-catalogue.ts` by `npm run docs`.',
    ...sections,
  ].join('\n\n');
}
