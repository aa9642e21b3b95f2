/** Reads a key of 32 bytes from 64 hex digits, base64 or base64url; `undefined` when the text is none of these. */
export function parseSecretKey(given: string): Buffer | undefined {
  const text = given.trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
