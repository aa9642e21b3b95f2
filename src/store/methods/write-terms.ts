import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { copyInto } from '../copy-into.ts';
import type { Trx } from '../database.ts';

/** A set that belongs to no method yet. It is seen by nobody else before the transaction ends. */
export async function beginTermSet(trx: Trx): Promise<number> {
  return (await trx.insertInto('term_set').defaultValues().returning('id').executeTakeFirstOrThrow()).id;
}

export interface NewChunk {
  terms: number;
  bytes: Buffer;
}

/** Streams chunks of texts into a set, their places in the order they come in. */
export async function copyChunks(trx: Trx, termSet: number, chunks: AsyncIterable<NewChunk>): Promise<void> {
  async function* rows(): AsyncGenerator<Buffer> {
    yield HEADER;
    let place = 0;
    for await (const { terms, bytes } of chunks) yield row([int8(termSet), int4(place++), int4(terms), bytes]);
    yield END;
  }
  await copyInto(trx, 'term_chunk', ['term_set', 'place', 'terms', 'bytes'], Readable.from(rows()), 'binary');
}

export interface NewRun {
  first: number;
  last: number;
  count: number;
  hashes: Buffer;
  chunks: Buffer;
}

/** Streams runs of hashes into a set. */
export async function copyRuns(trx: Trx, termSet: number, runs: AsyncIterable<NewRun>): Promise<void> {
  async function* rows(): AsyncGenerator<Buffer> {
    yield HEADER;
    let place = 0;
    for await (const { first, last, count, hashes, chunks } of runs)
      yield row([int8(termSet), int4(place++), int8(first), int8(last), int4(count), hashes, chunks]);
    yield END;
  }
  const columns = ['term_set', 'place', 'first', 'last', 'count', 'hashes', 'chunks'];
  await copyInto(trx, 'term_hashes', columns, Readable.from(rows()), 'binary');
}

/** @param facts what was counted while it was made */
export async function finishTermSet(
  trx: Trx,
  termSet: number,
  facts: { terms: number; cardinality: number; digest: string },
): Promise<void> {
  await trx.updateTable('term_set').set(facts).where('id', '=', termSet).execute();
}

/** Makes a set that of a dictionary in place of the one it has. */
export async function giveTerms(trx: Trx, methodId: string, termSet: number): Promise<void> {
  await sql`DELETE FROM term_set WHERE method_id = ${methodId} AND id <> ${termSet}`.execute(trx);
  await trx.updateTable('term_set').set({ method_id: methodId }).where('id', '=', termSet).execute();
}

/** Signature of COPY's binary format, no flags, no extension; https://www.postgresql.org/docs/current/sql-copy.html */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = Buffer.from([0xff, 0xff]);

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int8(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function row(fields: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return Buffer.concat([count, ...fields.flatMap((field) => [int4(field.length), field])]);
}

/** The same terms once more, as a set that belongs to no method yet; nothing of them is brought here. */
export async function copyTermSet(trx: Trx, from: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`INSERT INTO term_set (terms, cardinality, digest)
    SELECT terms, cardinality, digest FROM term_set WHERE id = ${from} RETURNING id`.execute(trx);
  const to = (rows[0] as { id: number }).id;
  await sql`INSERT INTO term_chunk (term_set, place, terms, bytes)
    SELECT ${to}, place, terms, bytes FROM term_chunk WHERE term_set = ${from}`.execute(trx);
  await sql`INSERT INTO term_hashes (term_set, place, first, last, count, hashes, chunks)
    SELECT ${to}, place, first, last, count, hashes, chunks FROM term_hashes WHERE term_set = ${from}`.execute(trx);
  return to;
}
