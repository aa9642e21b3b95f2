import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/** A chunk holds so many terms at most, so that the one that holds a term is unpacked and searched within 3 ms. */
export const CHUNK_TERMS = 4_096;
/** Nor more characters than that. */
export const CHUNK_CHARACTERS = 262_144;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/**
 * Terms as bytes: the UTF-8 texts, each with U+0000 behind it, which no term holds; deflated. On another thread, so that reading and
 * hashing go on meanwhile: the least effort of deflate is what keeps pace with them.
 */
export const packTerms = (terms: readonly string[]): Promise<Buffer> => packText(`${terms.join('\0')}\0`);

const packText = (text: string): Promise<Buffer> => deflate(Buffer.from(text, 'utf8'), { level: 1 });

export async function unpackTerms(bytes: Uint8Array): Promise<string[]> {
  const terms = (await inflate(bytes)).toString('utf8').split('\0');
  terms.pop();
  return terms;
}
