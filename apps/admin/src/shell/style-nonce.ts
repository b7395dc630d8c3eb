declare global {
  /** Read by the scroll lock of dialogs, which makes a style element of its own. */
  var __webpack_nonce__: string | undefined;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
globalThis.__webpack_nonce__ = nonce;

/** The nonce that the Content-Security-Policy of this very answer lets style elements have. */
export function styleNonce(): string {
  return nonce;
}
