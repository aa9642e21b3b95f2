/** What bytes from 128 on mean in the code pages of MS-DOS, which the Encoding standard lacks: IBM437 of the USA, IBM850 of western Europe. */
const UPPER: Readonly<Record<string, string>> = {
  IBM437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  IBM850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

export const DOS_ENCODINGS: readonly string[] = Object.keys(UPPER);

/** Every byte is a character by itself, so pieces of a text are decoded one by one. Undefined for other encodings. */
export function dosDecoder(encoding: string): { decode(bytes?: Uint8Array): string } | undefined {
  const upper = UPPER[encoding];
  if (upper === undefined) return undefined;
  const text = (byte: number): string => (byte < 0x80 ? String.fromCharCode(byte) : (upper[byte - 0x80] ?? ''));
  const table = Array.from({ length: 256 }, (_, byte) => text(byte));
  return { decode: (bytes = new Uint8Array()) => Array.from(bytes, (byte) => table[byte]).join('') };
}
