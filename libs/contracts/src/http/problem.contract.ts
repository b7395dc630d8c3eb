import { errorCatalogue } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import { z } from 'zod';

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** One fault of a request: where it is, and what is wrong. */
export const faultSchema = z.object({
  pointer: z.string().describe('JSON pointer into the body (`#/amount`), or `query:<name>` or `header:<name>`.'),
  detail: z.string(),
});
/** One of {@link faultSchema}. */
export type Fault = z.output<typeof faultSchema>;

/** RFC 9457 `application/problem+json`. */
export const problemSchema = z.object({
  type: z.url().describe('Opens a page that explains the code.'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  instance: z.string().optional().describe('The request, for the operator’s logs.'),
  code: z.enum(codes).describe('Stable; decide by it.'),
  errors: z.array(faultSchema).optional(),
});
/** A problem as a door writes it. */
export type Problem = z.output<typeof problemSchema>;

/** The page behind a problem's `type`. */
export const problemPage = z.object({ code: z.enum(codes), status: z.int(), title: z.string(), remedy: z.string() });
