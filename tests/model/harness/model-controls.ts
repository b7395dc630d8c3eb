import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The model of the permit protocol. */
export const modelFile = join(__dirname, '../../../docs/model/permit.pml');

/** What the model claims; also the names by which it is told to check one of them alone. */
export const claims = ['NEVER_TWICE', 'BOOKS_AGREE', 'FINAL_STAYS', 'COMES_TO_REST'] as const;

/** One of {@link claims}. */
export type Claim = (typeof claims)[number];

/** Something that the model can break on purpose: what, which claim falls, and how many faults that takes. */
export interface ModelControl {
  readonly name: string;
  readonly number: number;
  readonly claim: Claim;
  readonly faults: number;
  readonly words: string;
}

const line = /^#define ([A-Z_]+) +(\d+) \/\* ([A-Z_]+), (\d): (.+) \*\/$/gm;

/** The controls as the model lists them, so that none is added there and forgotten here. */
export function readControls(): readonly ModelControl[] {
  return [...readFileSync(modelFile, 'utf8').matchAll(line)].map(([, name = '', number, claim = '', faults, words = '']) => {
    if (!isClaim(claim)) throw new Error(`${name}: there is no claim ${claim}.`);
    return { name, number: Number(number), claim, faults: Number(faults), words };
  });
}

function isClaim(name: string): name is Claim {
  return (claims as readonly string[]).includes(name);
}
