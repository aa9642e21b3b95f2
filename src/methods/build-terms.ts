import { createHash } from 'node:crypto';
import { AssayError } from '../errors/assay-error.ts';
import { termHash } from '../sketch/term-hash.ts';
import type { Trx } from '../store/database.ts';
import { beginTermSet, copyChunks, copyRuns, finishTermSet, type NewChunk } from '../store/methods/write-terms.ts';
import { CHUNK_CHARACTERS, CHUNK_TERMS, packTerms } from './pack-terms.ts';
import { MOST_CHUNKS, TermHashes } from './term-hashes.ts';

/** More terms than a dictionary may have; their hashes alone would take 250 MB. */
export const MOST_TERMS = 20_000_000;

export interface BuiltTerms {
  termSet: number;
  terms: number;
  cardinality: number;
  digest: string;
}

/** Chunks that are being packed at once while further terms are hashed. */
const PACKED_AT_ONCE = 4;

/**
 * Makes a set of terms within the transaction: a term costs 8 to 12 bytes of memory, whatever its length. The set belongs to no method
 * yet, and is gone if the transaction does not end well.
 *
 * @param terms any number at a time; blank ones and those with U+0000 must not be among them
 * @throws TOO_LARGE for more terms than a dictionary may have
 */
export async function buildTerms(
  trx: Trx,
  terms: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<BuiltTerms> {
  const termSet = await beginTermSet(trx);
  const hashes = new TermHashes();
  const digest = createHash('sha256');
  let count = 0;

  async function* chunks(): AsyncGenerator<NewChunk> {
    const packing: Promise<NewChunk>[] = [];
    let place = 0;
    for await (const chunk of toChunks(terms)) {
      count += chunk.length;
      if (count > MOST_TERMS || place >= MOST_CHUNKS)
        throw new AssayError(
          'TOO_LARGE',
          `terms: more than ${MOST_TERMS.toLocaleString('en')} terms were received; make several dictionaries of them`,
        );
      const packed = packTerms(chunk).then((bytes) => ({ terms: chunk.length, bytes }));
      // It is awaited below, perhaps after another one failed.
      packed.catch(() => undefined);
      packing.push(packed);
      for (const term of chunk) {
        hashes.add(termHash(term), place);
      }
      digest.update(toText(chunk));
      place++;
      if (packing.length >= PACKED_AT_ONCE) yield await (packing.shift() as Promise<NewChunk>);
    }
    for (const packed of packing) yield await packed;
  }

  await copyChunks(trx, termSet, chunks());
  let cardinality = 0;
  async function* runs() {
    for await (const run of hashes.runs()) {
      cardinality += run.count;
      yield run;
    }
  }
  await copyRuns(trx, termSet, runs());
  const facts = { terms: count, cardinality, digest: digest.digest('hex') };
  await finishTermSet(trx, termSet, facts);
  return { termSet, ...facts };
}

/** Full chunks of whatever comes. */
async function* toChunks(
  terms: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<string[]> {
  let chunk: string[] = [];
  let characters = 0;
  for await (const some of terms) {
    for (const term of some) {
      chunk.push(term);
      characters += term.length + 1;
      if (chunk.length < CHUNK_TERMS && characters < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = [];
      characters = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}

const toText = (terms: readonly string[]): string => `${terms.join('\0')}\0`;

/** The digest that a set of these terms has. */
export const digestOf = (terms: readonly string[]): string => createHash('sha256').update(toText(terms)).digest('hex');
