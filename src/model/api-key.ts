import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The text of an API key: `assay_`, 43 characters of secret (256 random bits in base 62), 6 characters of checksum (CRC-32 of
 * all before). The word in front and the checksum let secret scanners find keys with next to no false alarms, and let the
 * server refuse a cut or mistyped one without asking the database.
 */
const WORD = 'assay_';
const SECRET_BYTES = 32;
/** 62^43 > 2^256. */
const SECRET_CHARACTERS = 43;
/** 62^6 > 2^32. */
const CHECK_CHARACTERS = 6;
/** 35 bits of 256 are shown, so that a person recognises a key. */
const SHOWN_CHARACTERS = WORD.length + 6;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What a secret scanner has to look for. */
export const API_KEY_PATTERN = `${WORD}[0-9A-Za-z]{${SECRET_CHARACTERS + CHECK_CHARACTERS}}`;

const WHOLE = new RegExp(`^${API_KEY_PATTERN}$`);
const TOKENS = new RegExp(`(${WORD}[0-9A-Za-z]{6})[0-9A-Za-z]{20,}|(eyJ[\\w-]{6})[\\w-]*\\.[\\w-]+(\\.[\\w-]*)?`, 'g');

/** A new key. Whoever holds the text holds the key: it is shown once and kept nowhere. */
export function newApiKey(secret: Buffer = randomBytes(SECRET_BYTES)): string {
  const body = WORD + toBase62(BigInt(`0x${secret.toString('hex')}`), SECRET_CHARACTERS);
  return body + checksum(body);
}

/** Whether the text is meant as an API key, complete or not. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith(WORD);

/** Whether it is complete: right length, right characters, right checksum. */
export const isApiKey = (text: string): boolean =>
  WHOLE.test(text) && checksum(text.slice(0, -CHECK_CHARACTERS)) === text.slice(-CHECK_CHARACTERS);

/** The beginning, which may be shown and stored. */
export const shownPart = (key: string): string => key.slice(0, SHOWN_CHARACTERS);

/** The text with every API key and JWT in it cut down to its beginning. */
export const hideTokens = (text: string): string =>
  text.replace(TOKENS, (_all, key?: string, jwt?: string) => `${key ?? jwt}…`);

const checksum = (body: string): string => toBase62(BigInt(crc32(body)), CHECK_CHARACTERS);

function toBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text;
}
