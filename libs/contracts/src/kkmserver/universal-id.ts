import type { ChargeReference } from '@kkm/core';
import { z } from 'zod';
import { doorText } from './door-texts';
import { maybe, text } from './lenient';

/** Longest reference of a bank that is read. */
const referenceLength = 64;

/** The members by which a command names an earlier charge. */
export const chargeMembers = {
  UniversalID: maybe(text(500)),
  RRNCode: maybe(text(referenceLength)),
  AuthorizationCode: maybe(text(referenceLength)),
};

/** What {@link chargeMembers} were read as. */
export interface ChargeMembers {
  readonly UniversalID: string | null;
  readonly RRNCode: string | null;
  readonly AuthorizationCode: string | null;
}

/**
 * Reads which charge is meant: from the members of `UniversalID` (`CN:…;RN:26;RRN:5486265211;AC:783451`, in any order), else from the older members.
 * Where both are there they must agree: money goes back only to whom it is certain. Null: no charge is named.
 */
export function chargeNamed(members: ChargeMembers, context: z.RefinementCtx): ChargeReference | null {
  const parts = partsOf(members.UniversalID ?? '');
  const named = { rrn: parts.get('RRN') ?? null, authorisationCode: parts.get('AC') ?? null };
  const older = { rrn: given(members.RRNCode), authorisationCode: given(members.AuthorizationCode) };
  if (members.UniversalID !== null && named.rrn === null && named.authorisationCode === null) {
    context.addIssue({ code: 'custom', path: ['UniversalID'], message: doorText('universalIdUnreadable') });
    return z.NEVER;
  }
  if (differ(named.rrn, older.rrn) || differ(named.authorisationCode, older.authorisationCode)) {
    context.addIssue({ code: 'custom', path: ['UniversalID'], message: doorText('chargeNamedTwice') });
    return z.NEVER;
  }
  const rrn = named.rrn ?? older.rrn;
  const authorisationCode = named.authorisationCode ?? older.authorisationCode;
  return rrn === null && authorisationCode === null ? null : { rrn, authorisationCode };
}

/** A `UniversalID` without what it says of the card. */
export function withoutCard(universalId: string): string {
  return universalId
    .split(';')
    .filter((part) => !/^\s*CN\s*:/i.test(part))
    .join(';');
}

function partsOf(universalId: string): ReadonlyMap<string, string> {
  const parts = universalId.split(';').map((part) => {
    const [name = '', ...value] = part.split(':');
    return [name.trim().toUpperCase(), value.join(':').trim()] as const;
  });
  return new Map(parts.filter(([, value]) => value !== ''));
}

function given(value: string | null): string | null {
  return value?.trim() ? value.trim() : null;
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}
