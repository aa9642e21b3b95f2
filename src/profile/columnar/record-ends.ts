const NEWLINE = 10;

/**
 * The bytes of the whole records at the begin of a block; 0 where none ends in it. A record ends with a newline that is in no quotes; a block
 * begins with a record. Where quotes stand as they may not the answer is any, and whoever reads the block notices. Pure.
 */
export function wholeRecords(block: Uint8Array, quote: number): number {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  if (bytes.indexOf(quote) < 0) return bytes.lastIndexOf(NEWLINE) + 1;
  let inside = false;
  let end = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) inside = !inside;
    else if (byte === NEWLINE && !inside) end = i + 1;
  }
  return end;
}

/** The bytes of the first record; 0 where it does not end in the block. Pure. */
export function firstRecord(block: Uint8Array, quote: number): number {
  let inside = false;
  for (let i = 0; i < block.length; i++) {
    if (block[i] === quote) inside = !inside;
    else if (block[i] === NEWLINE && !inside) return i + 1;
  }
  return 0;
}
