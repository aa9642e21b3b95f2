import { DOS_ENCODINGS, dosDecoder } from './dos.ts';

/** Encodings that text is decoded from, as users and messages name them, with the labels of the Encoding standard. */
const LABELS: Readonly<Record<string, string>> = {
  'UTF-8': 'utf-8',
  'UTF-16LE': 'utf-16le',
  'UTF-16BE': 'utf-16be',
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'iso-8859-2',
  'ISO-8859-15': 'iso-8859-15',
  'KOI8-R': 'koi8-r',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'ISO-2022-JP': 'iso-2022-jp',
  GB18030: 'gb18030',
  Big5: 'big5',
  'EUC-KR': 'euc-kr',
  'KOI8-U': 'koi8-u',
  IBM866: 'ibm866',
  macintosh: 'macintosh',
  ...Object.fromEntries([3, 4, 5, 6, 7, 8, 10, 13, 14, 16].map((part) => [`ISO-8859-${part}`, `iso-8859-${part}`])),
  ...Object.fromEntries(
    ['1250', '1251', '1252', '1253', '1254', '1255', '1256', '1257', '1258', '874'].map((page) => [
      `windows-${page}`,
      `windows-${page}`,
    ]),
  ),
};

/** Encodings that a text may be said to have. */
export const ENCODINGS: readonly string[] = [...Object.keys(LABELS), 'UTF-32LE', 'UTF-32BE', ...DOS_ENCODINGS];

/** Names in use that the Encoding standard lacks, and those of parts of what is decoded here; in small letters and digits. */
const ALSO: Readonly<Record<string, string>> = {
  utf16: 'UTF-16LE',
  utf32: 'UTF-32LE',
  utf8bom: 'UTF-8',
  utf8sig: 'UTF-8',
  latin9: 'ISO-8859-15',
  cp437: 'IBM437',
  oem437: 'IBM437',
  cp850: 'IBM850',
  oem850: 'IBM850',
  dos: 'IBM850',
  ansi: 'windows-1252',
  cp932: 'Shift_JIS',
  cp936: 'GB18030',
  gbk: 'GB18030',
  gb2312: 'GB18030',
  cp949: 'EUC-KR',
  cp950: 'Big5',
};

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The encoding of ENCODINGS that a name means: `latin1`, `cp1252`, `utf8`, `sjis`, in any case. Undefined for any other. Pure. */
export function encodingNamed(name: string): string | undefined {
  const wanted = bare(name).replace(/^win(?=\d)/, 'windows');
  const own = ENCODINGS.find((one) => bare(one) === wanted) ?? ALSO[wanted];
  if (own !== undefined) return own;
  try {
    const { encoding } = new TextDecoder(name.trim());
    return Object.keys(LABELS).findLast((one) => LABELS[one] === encoding);
  } catch {
    return undefined;
  }
}

export interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream: boolean }): string;
}

/** Decodes a stream of bytes; what is invalid becomes U+FFFD. A byte order mark is no part of the text. */
export function decoderOf(encoding: string): Decoder {
  if (encoding === 'UTF-32LE' || encoding === 'UTF-32BE') return new Utf32Decoder(encoding === 'UTF-32LE');
  const dos = dosDecoder(encoding);
  if (dos) return dos;
  const label = LABELS[encoding];
  if (label === undefined) throw new RangeError(`"${encoding}" is no encoding that is known`);
  return new TextDecoder(label);
}

/** What TextDecoder leaves out of Unicode. */
class Utf32Decoder implements Decoder {
  readonly #little: boolean;
  #rest = Buffer.alloc(0);
  #begun = false;

  constructor(little: boolean) {
    this.#little = little;
  }

  decode(bytes: Uint8Array = new Uint8Array(), options?: { stream: boolean }): string {
    const all =
      this.#rest.length > 0
        ? Buffer.concat([this.#rest, bytes])
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const whole = all.length - (all.length % 4);
    const units: number[] = [];
    let text = '';
    for (let at = 0; at < whole; at += 4) {
      const code = this.#little ? all.readUInt32LE(at) : all.readUInt32BE(at);
      if (!(code === 0xfeff && !this.#begun))
        units.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0xfffd : code);
      this.#begun = true;
      if (units.length === 4_096) text += String.fromCodePoint(...units.splice(0));
    }
    text += String.fromCodePoint(...units);
    this.#rest = Buffer.from(all.subarray(whole));
    if (options?.stream || this.#rest.length === 0) return text;
    this.#rest = Buffer.alloc(0);
    return `${text}\ufffd`;
  }
}
