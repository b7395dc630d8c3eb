import { attemptMachine, errorCatalogue } from '@kkm/core';
import { attemptDiagram } from './attempt-diagram';
import { errorList } from './error-list';

/** A file of the docs that is wholly or partly made from code. */
export interface MadeDocument {
  /** Path from the root of the checkout. */
  readonly file: string;
  /** The whole new text, given the one that is there. */
  readonly text: (current: string) => string;
}

/** Everything that `npm run docs` writes and tests/architecture compares. */
export const madeDocuments: readonly MadeDocument[] = [
  { file: 'docs/ERRORS.md', text: () => `${errorList(errorCatalogue)}\n` },
  { file: 'docs/ARCHITECTURE.md', text: (current) => between(current, 'attempt states', attemptDiagram(attemptMachine)) },
];

/** Replaces what stands between `<!-- made: name -->` and `<!-- end: name -->`. */
export function between(current: string, name: string, made: string): string {
  const begin = `<!-- made: ${name} -->`;
  const end = `<!-- end: ${name} -->`;
  const from = current.indexOf(begin);
  const to = current.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The marks of "${name}" are missing.`);
  return `${current.slice(0, from)}${begin}\n\n${made}\n\n${current.slice(to)}`;
}
