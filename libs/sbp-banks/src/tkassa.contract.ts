import { z } from 'zod';

/** A number of the bank, written as text or as a number that is told exactly. */
const number = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative().transform(String)]);

/** What every answer begins with. */
export const answered = z.object({ Success: z.boolean(), ErrorCode: z.coerce.string().max(20) });

/** Answer to opening a payment. */
export const opened = z.object({ PaymentId: number });

/** Answer to asking for its QR: the link that the code stands for. */
export const qrMade = z.object({ Data: z.string().regex(/^https:\/\/[!-~]{1,500}$/) });

/** How a payment stands. Its amount is in kopecks. */
export const paymentState = z.object({ Status: z.string().max(50), OrderId: z.string(), Amount: z.int().nonnegative() });

/** Answer to a cancel. */
export const cancelled = z.object({ Status: z.string().max(50) });

/** A notification about a payment. All of its plain members are signed. */
export const notification = z.looseObject({
  TerminalKey: z.string(),
  OrderId: z.string(),
  PaymentId: number,
  Status: z.string().max(50),
  Amount: z.int().nonnegative(),
  Token: z.string().max(200),
});
