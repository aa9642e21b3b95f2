import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * E-mail address as mailboxes are written in practice (RFC 5321, 4.1.2, without quotes and address literals): at most 64 characters in
 * front of the @, labels of at most 63 behind it, and a last label that is no number.
 */
export function isEmail(value: string): boolean {
  const text = value.trim();
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64 || text.length > 254) return false;
  const [local, labels] = [text.slice(0, at), text.slice(at + 1).split('.')];
  return (
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local) &&
    labels.length > 1 &&
    labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) &&
    /^[A-Za-z][A-Za-z0-9-]+$/.test(labels.at(-1) ?? '')
  );
}

/** IPv4 address in dotted decimals (RFC 1123), a prefix length or a port behind it allowed. Nothing that is a version number of four parts is told apart by it. */
export function isIpv4Address(value: string): boolean {
  const [address = '', prefix] = value.trim().split('/');
  if (prefix !== undefined && !(/^[0-9]{1,2}$/.test(prefix) && Number(prefix) <= 32)) return false;
  const [host = '', port] = address.split(':');
  return isIPv4(host) && (port === undefined || Number(port) <= 65_535);
}

/** IPv6 address (RFC 4291), a zone and a prefix length allowed. */
export function isIpv6Address(value: string): boolean {
  const [address = '', prefix] = value.trim().split('/');
  if (prefix !== undefined && !(/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= 128)) return false;
  return isIPv6(address);
}

/** MAC address (IEEE 802): six octets in hexadecimal with one kind of sign between them. */
export function isMacAddress(value: string): boolean {
  return /^([0-9A-F]{2}([:-]))([0-9A-F]{2}\2){4}[0-9A-F]{2}$|^[0-9A-F]{4}(\.[0-9A-F]{4}){2}$/i.test(value.trim());
}

/** UUID (RFC 9562) of any version of the common variant, or all zeros or ones. */
export function isUuid(value: string): boolean {
  const text = value
    .trim()
    .replace(/^urn:uuid:/i, '')
    .replace(/^\{(.*)\}$/, '$1');
  return /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}(-0{4}){3}-0{12}|f{8}(-f{4}){3}-f{12})$/i.test(
    text,
  );
}

/** JSON Web Token (RFC 7519): three parts in base64url, of which the first is the JSON of a header with `alg`. */
export function isJwt(value: string): boolean {
  const parts = value.trim().split('.');
  if (parts.length !== 3 || !parts.slice(0, 2).every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return false;
  try {
    const header: unknown = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && 'alg' in header;
  } catch {
    return false;
  }
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** The bytes that base58 writes; undefined where a character is none of it. */
function fromBase58(text: string): Buffer | undefined {
  let value = 0n;
  for (const character of text) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = value === 0n ? '' : value.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')]);
}

/** Address in base58check, as Bitcoin's and Litecoin's of the first kind: the last four bytes are of the double SHA-256 of the others. */
function isBase58Check(text: string): boolean {
  const bytes = fromBase58(text);
  if (bytes?.length !== 25) return false;
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Address in bech32 or bech32m (BIP 173, BIP 350): the checksum over the human part and the data. */
function isBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
  const lower = text.toLowerCase();
  const at = lower.lastIndexOf('1');
  const human = lower.slice(0, at);
  const data = Array.from(lower.slice(at + 1), (character) => BECH32.indexOf(character));
  if (at < 1 || data.length < 6 || data.includes(-1)) return false;
  const codes = Array.from(human, (character) => character.charCodeAt(0));
  let check = 1;
  for (const part of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ part;
    for (const [bit, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries())
      if ((top >>> bit) & 1) check ^= generator;
  }
  return check === 1 || check === 0x2bc830a3;
}

/** Bitcoin address: base58check beginning with 1 or 3, or bech32 beginning with bc1. */
export function isBitcoinAddress(value: string): boolean {
  const text = value.trim();
  return (/^[13]/.test(text) && isBase58Check(text)) || (/^bc1/i.test(text) && isBech32(text));
}
