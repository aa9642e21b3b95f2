/** `tar.gz` is `gz`; a name without a dot, or with only a leading one, has none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/**
 * A name as text. Bytes that are not UTF-8 are percent-encoded, so that two different names stay different and the name can be
 * turned back into bytes; U+0000 and lone surrogates, which the catalog cannot store, become U+FFFD.
 */
export function nameFromBytes(bytes: Uint8Array): { name: string; flagged: boolean } {
  try {
    return { name: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), flagged: false };
  } catch {
    let name = '';
    for (const byte of bytes)
      name +=
        byte < 0x80 && byte !== 0x25
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return { name, flagged: true };
  }
}

/** Back from the name of a flagged entry. */
export function bytesFromName(name: string): Buffer {
  const parts = name.split(/((?:%[0-9A-F]{2})+)/);
  return Buffer.concat(
    parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part))),
  );
}
