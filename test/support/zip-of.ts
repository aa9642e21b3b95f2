import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** What goes into a zip: texts, bytes, or the files of an inner zip. */
export interface ZipContent {
  [name: string]: string | Uint8Array | ZipContent;
}

/** The bytes of a zip with these files, in their order. */
export async function zipOf(
  content: ZipContent,
  { zip64 = false }: { zip64?: boolean } = {},
): Promise<Buffer<ArrayBufferLike>> {
  const zip = new yazl.ZipFile();
  for (const [name, given] of Object.entries(content)) {
    const bytes = typeof given === 'string' || given instanceof Uint8Array ? Buffer.from(given) : await zipOf(given);
    zip.addBuffer(bytes, name, { forceZip64Format: zip64 });
  }
  zip.end({ forceZip64Format: zip64, comment: '' });
  return buffer(zip.outputStream);
}

/** The places of the records of the central directory, in their order. */
export function directoryOf(zip: Buffer): number[] {
  const places: number[] = [];
  for (
    let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
    at >= 0;
    at = zip.indexOf('PK\u0001\u0002', at + 1, 'latin1')
  )
    places.push(at);
  return places;
}
