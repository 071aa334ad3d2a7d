/** Whether this page can sign: browsers hide WebCrypto from pages that anybody on the way could have changed. */
export function canSign(): boolean {
  return (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;
}
