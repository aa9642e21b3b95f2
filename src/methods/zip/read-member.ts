import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { ZipMember } from './open-zip.ts';

/** A definition is at most so large. */
export const MOST_JSON_BYTES = 8 * 1024 * 1024;
/** Inner zips up to that size are unpacked into memory, larger ones into a file. */
const IN_MEMORY_BYTES = 16 * 1024 * 1024;

/** @throws BAD_REQUEST, TOO_LARGE */
export async function readMember(member: ZipMember, mostBytes = MOST_JSON_BYTES): Promise<Buffer> {
  if (member.bytes > mostBytes)
    throw new AssayError('TOO_LARGE', `${member.name}: has ${member.bytes} bytes, at most ${mostBytes} are allowed`);
  const pieces: Buffer[] = [];
  for await (const piece of (await member.open()) as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** An inner zip where it can be read from any place. @param folder for large ones; made and removed by the caller */
export async function unpackInner(
  member: ZipMember,
  folder: string,
  number: number,
): Promise<{ file: string } | { bytes: Buffer }> {
  if (member.bytes <= IN_MEMORY_BYTES) return { bytes: await readMember(member, IN_MEMORY_BYTES) };
  const file = join(folder, `inner-${number}.zip`);
  const stream: Readable = await member.open();
  await pipeline(stream, createWriteStream(file, { mode: 0o600 }));
  return { file };
}
