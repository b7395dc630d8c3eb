/** What is known of an error code: the HTTP status of a door, a stable title and what the caller should do. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
}

/** Every error KKM gives, by its stable dotted code. Codes are never renamed; the docs resolve `type` URIs from this list. */
export const errorCatalogue = {
  'request.malformed': { status: 400, title: 'The request cannot be read', remedy: 'Send JSON in UTF-8 with the members the API document lists.' },
  'request.invalid': { status: 422, title: 'The request is not valid', remedy: 'Correct the members named in "errors" and send it again.' },
  'request.too_large': { status: 413, title: 'The request body is too large', remedy: 'Send at most 64 KiB.' },
  'request.unsupported_media_type': { status: 415, title: 'The content type is not supported', remedy: 'Send application/json.' },
  'request.rate_limited': { status: 429, title: 'Too many requests', remedy: 'Wait the seconds that Retry-After names.' },
  'request.method_not_allowed': { status: 405, title: 'The route does not take this method', remedy: 'Use a method that the header Allow lists.' },
  'request.not_found': { status: 404, title: 'There is no such route', remedy: 'See /v1/openapi.json for the routes.' },
  'auth.missing': { status: 401, title: 'No API key was sent', remedy: 'Send "Authorization: Bearer <key>", or sign in.' },
  'auth.invalid': { status: 401, title: 'The API key is not valid', remedy: 'Check the key; a revoked or rotated key is not accepted.' },
  'auth.forbidden': { status: 403, title: 'The API key may not do this', remedy: 'Use a key with the scope and site that the request needs.' },
  'auth.session_ended': { status: 401, title: 'The session has ended', remedy: 'Sign in again.' },
  'auth.refused': { status: 401, title: 'Name or password is wrong', remedy: 'Type both again; an admin can set a new password.' },
  'auth.password_wrong': { status: 422, title: 'The present password is wrong', remedy: 'Type it again; an admin can set a new password.' },
  'auth.locked': { status: 429, title: 'Too many wrong passwords', remedy: 'Wait the seconds that Retry-After names, then try again.' },
  'auth.busy': { status: 429, title: 'Too many passwords are being checked', remedy: 'Try again in a few seconds.' },
  'auth.cross_site': { status: 403, title: 'The request did not come from KKM’s own page', remedy: 'Open KKM’s page and try there; programs use an API key.' },
  'idempotency.key_missing': {
    status: 400,
    title: 'Idempotency-Key is missing',
    remedy: 'Send a header Idempotency-Key that is unique to this request, and the same on every repeat.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    remedy: 'Use a new key for a new request; repeat a request with exactly the same body.',
  },
  'idempotency.in_progress': { status: 409, title: 'The same request is being handled', remedy: 'Wait a second and send it again with the same key.' },
  'api_key.not_found': { status: 404, title: 'There is no such API key', remedy: 'List the keys with GET /v1/api-keys.' },
  'user.not_found': { status: 404, title: 'There is no such user', remedy: 'List the users with GET /v1/users.' },
  'user.exists': { status: 409, title: 'The name is taken', remedy: 'Choose another name; upper and lower case are the same.' },
  'user.last_admin': { status: 409, title: 'This is the last admin', remedy: 'Make another user an admin of all sites first.' },
  'certification.not_found': { status: 404, title: 'There is no such certification', remedy: 'List them with GET /v1/terminals/{id}/certifications.' },
  'certification.running': { status: 409, title: 'The terminal is being certified', remedy: 'Wait for the end of the certification that runs, or stop it.' },
  'certification.not_asked': { status: 409, title: 'This is not asked of anybody now', remedy: 'Read the certification: its prompt says what is to be done.' },
  'payment.not_found': { status: 404, title: 'There is no such payment', remedy: 'Check the id and the site of your key.' },
  'payment.not_redoable': {
    status: 409,
    title: 'The payment cannot be redone',
    remedy: 'Wait until the earlier attempt is proved uncharged; see the verdict.',
  },
  'payment.not_cancellable': { status: 409, title: 'The payment cannot be cancelled', remedy: 'It has ended. Refund it if it was charged.' },
  'payment.not_in_doubt': {
    status: 409,
    title: 'The payment is not in doubt',
    remedy: 'Its outcome is known or decided already: see its attempts and the verdict. A decision is never replaced by another.',
  },
  'payment.not_closable': { status: 409, title: 'The payment cannot be closed', remedy: 'Wait until it has ended, or cancel it first.' },
  'payment.not_refundable': {
    status: 409,
    title: 'The payment cannot be refunded',
    remedy: 'Only what was charged and not yet returned can be refunded, one refund at a time.',
  },
  'payment.refunds_not_offered': { status: 501, title: 'This version of KKM takes no refunds', remedy: 'Return the money on the terminal by hand.' },
  'payment.closed': { status: 409, title: 'The payment is closed', remedy: 'Open a new payment for the order.' },
  'payment.order_busy': {
    status: 409,
    title: 'Another payment of this order is open',
    remedy: 'Wait for its end or cancel it; send "additional": true if a second payment is meant.',
  },
  'payment.order_charged': {
    status: 409,
    title: 'This order is already charged with this amount',
    remedy: 'Nothing to collect; send "additional": true if a second charge is meant.',
  },
  'payment.amount_not_lower': { status: 422, title: 'A redo may only lower the amount', remedy: 'Send an amount that is not above the payment’s.' },
  'payment.expired': { status: 409, title: 'The request came too late', remedy: 'Open a new payment if the guest is still there.' },
  'payment.not_switchable': {
    status: 409,
    title: 'The payment cannot change over to the other method',
    remedy: 'Only a payment with method card_or_sbp_qr whose attempt is open can; a payment that has ended is redone with the method wanted.',
  },
  'payment.refund_too_large': {
    status: 422,
    title: 'The refund is more than is left of the charge',
    remedy: 'Send at most chargedAmount less refundedAmount less what open refunds hold.',
  },
  'sbp.not_offered': {
    status: 422,
    title: 'The terminal does not take SBP',
    remedy: 'Send method card, or set "sbp" in the terminal’s profile.',
  },
  'sbp.bank_not_configured': {
    status: 409,
    title: 'The site has no bank for SBP',
    remedy: 'Set the bank with PUT /v1/sites/{id}/sbp-account.',
  },
  'sbp.bank_unavailable': {
    status: 503,
    title: 'The SBP bank cannot be reached',
    remedy: 'Nothing was asked of it. Try again in a few seconds, or take a card.',
  },
  'sbp.no_answer': { status: 504, title: 'The SBP bank did not answer', remedy: 'KKM asks it again by itself; see the payment.' },
  'sbp.refused': {
    status: 502,
    title: 'The SBP bank refused the request',
    remedy: 'Check merchant number, secret and contract with the bank; its code is in "detail".',
  },
  'sbp.signature_invalid': { status: 401, title: 'The notification is not signed by the bank', remedy: 'Check that the bank and KKM have the same secret.' },
  'restore.not_found': {
    status: 404,
    title: 'No restore left this to do',
    remedy: 'GET /v1/restore lists what waits.',
  },
  'restore.does_not_fit': {
    status: 409,
    title: 'The charge does not fit the payment',
    remedy: 'Assign it to the payment whose newest attempt was made at this terminal, or to none and give the money back at the terminal.',
  },
  'webhook.not_found': { status: 404, title: 'There is no such webhook endpoint', remedy: 'List the endpoints with GET /v1/webhook-endpoints.' },
  'webhook.delivery_not_found': {
    status: 404,
    title: 'There is no such delivery',
    remedy: 'List the deliveries with GET /v1/webhook-endpoints/{id}/deliveries; replay a range of time for what is older.',
  },
  'webhook.disabled': { status: 409, title: 'The webhook endpoint is switched off', remedy: 'Switch it on with PATCH and "enabled": true, then ask again.' },
  'webhook.too_many': { status: 409, title: 'There are too many webhook endpoints', remedy: 'Delete one that is no longer needed.' },
  'webhook.replay_too_large': {
    status: 422,
    title: 'The range holds too many events',
    remedy: 'Replay a shorter range, or read the feed with GET /v1/events.',
  },
  'webhook.unavailable': {
    status: 503,
    title: 'Webhooks cannot be signed',
    remedy: 'Give the ledger its KKM_SEALING_KEY, and set the secret of the endpoint anew if the key was another.',
  },
  'check.not_found': { status: 404, title: 'There is no such check', remedy: 'List what is outstanding with GET /v1/checks.' },
  'check.not_outstanding': {
    status: 409,
    title: 'The check is not outstanding',
    remedy: 'Its receipt is made, or nothing was charged: ask by its IdCommand with GetRezult.',
  },
  'equipment.not_found': { status: 404, title: 'There is no such site, register, terminal or profile', remedy: 'Check the id; list what exists with GET.' },
  'equipment.exists': { status: 409, title: 'The id is taken', remedy: 'Choose another id or change the existing entry.' },
  'equipment.in_use': { status: 409, title: 'Something still refers to this entry', remedy: 'Remove what refers to it first.' },
  'equipment.terminal_busy': { status: 409, title: 'The terminal has an unfinished attempt', remedy: 'Wait until its outcome is known.' },
  'equipment.no_terminal': {
    status: 422,
    title: 'No terminal can be chosen',
    remedy: 'Name a terminalId, or a registerId whose automatic acquiring names a terminal.',
  },
  'equipment.method_not_enabled': {
    status: 422,
    title: 'The register does not take this method',
    remedy: 'Change the register’s acquiring option or send another method.',
  },
  'equipment.address_taken': {
    status: 409,
    title: 'Another terminal of the site has this address',
    remedy: 'Test that terminal itself, or correct address and port: a test would cut its connection.',
  },
  'setting.not_found': { status: 404, title: 'There is no such change', remedy: 'List the changes with GET /v1/setting-changes.' },
  'setting.changed_since': {
    status: 409,
    title: 'Something else was changed since',
    remedy: 'Look at the newest change of the entry: take that one back, or change the entry by hand.',
  },
  'setting.secret_needed': {
    status: 409,
    title: 'A secret cannot be taken back',
    remedy: 'KKM keeps no earlier passwords: set the entry anew with the password or secret it had.',
  },
  'parked.not_found': { status: 404, title: 'There is no such parked message', remedy: 'List the messages with GET /v1/parked-messages.' },
  'parked.not_replayable': {
    status: 409,
    title: 'The message cannot be sent again',
    remedy: 'See "notReplayable" of the message; do by hand what it asked for, then dismiss it.',
  },
  'parked.settled': { status: 409, title: 'The message was replayed or dismissed already', remedy: 'Nothing to do; if it failed again it is parked anew.' },
  'terminal.in_doubt': {
    status: 409,
    title: 'An attempt on the terminal is in doubt',
    remedy: 'Wait until its outcome is known, or decide the payment; then try again.',
  },
  'terminal.unreachable': { status: 503, title: 'The terminal cannot be reached', remedy: 'Check power, cable, address and port of the terminal.' },
  'terminal.unplugged': {
    status: 503,
    title: 'The terminal’s cable is not plugged in',
    remedy: 'Plug it in; see that the path of the terminal’s settings exists.',
  },
  'terminal.port_busy': {
    status: 503,
    title: 'Another program has the terminal’s port open',
    remedy: 'Close that program: fuser -v names it, often another KKM, the bank’s own program or ModemManager.',
  },
  'terminal.port_forbidden': {
    status: 403,
    title: 'The worker may not open the terminal’s port',
    remedy: 'Add the worker’s user to the port’s group and start the worker anew: usermod -aG dialout; in a container also group_add and a device rule.',
  },
  'terminal.port_unusable': {
    status: 422,
    title: 'The path is not a serial port, or it does not take the settings',
    remedy: 'Set a path that ls /dev/serial/by-id lists, and the speed, parity and stop bits of the terminal’s manual.',
  },
  'terminal.silent': { status: 503, title: 'The terminal does not answer', remedy: 'Look at its screen; restart it if it hangs.' },
  'terminal.protocol': {
    status: 502,
    title: 'The terminal sent something that cannot be understood',
    remedy: 'Check that the terminal’s profile fits its payment application.',
  },
  'terminal.not_waiting': { status: 409, title: 'The terminal does not wait for this', remedy: 'Look at its screen and do what it asks for.' },
  'ledger.unavailable': { status: 503, title: 'The ledger does not answer', remedy: 'Send the same request again with the same key in a few seconds.' },
  'gateway.unavailable': { status: 503, title: 'The gateway does not answer', remedy: 'Try again in a few seconds; see that the gateway runs.' },
  'register.unavailable': {
    status: 503,
    title: 'The fiscal register does not answer',
    remedy: 'See that it is switched on and that KKM reaches the address in its settings; the command is tried again.',
  },
  'settings.unavailable': { status: 503, title: 'The settings cannot be read', remedy: 'Send the same request again in a few seconds.' },
  'broker.unavailable': { status: 503, title: 'The message broker does not answer', remedy: 'Send the same request again with the same key in a few seconds.' },
  'journal.unavailable': {
    status: 503,
    title: 'The worker cannot write its journal',
    remedy: 'Check the disk that holds the journal folder: space, rights, health.',
  },
  'message.unknown_type': { status: 422, title: 'The message type is not known', remedy: 'Use one of the types the AsyncAPI document lists.' },
  'page.missing': { status: 404, title: 'The admin page is not built', remedy: 'Build it (./kkm up does), or name its folder in KKM_ADMIN_PATH.' },
  internal: { status: 500, title: 'KKM failed', remedy: 'Send the same request again with the same key; if it stays, see the logs for the request id.' },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

/** A code of {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue;
