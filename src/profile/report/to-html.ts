const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Direction marks, and characters that are not seen, as their code point: what comes from a source may not steer the page. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the page
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Any text → the same in HTML, in an element or in a quoted attribute. Never longer than `most` code points. Pure. */
export function toHtml(text: string, most = 120): string {
  // Cut before anything else: a value may have a megabyte. Two units a code point at most.
  const head = text.length > most * 2 ? text.slice(0, most * 2) : text;
  const short = head.length <= most ? head.toWellFormed() : cut(head, most, head.length < text.length);
  return short
    .replace(UNSEEN, (mark) => `⟨${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}

function cut(text: string, most: number, isCut: boolean): string {
  const points = [...text.toWellFormed()];
  return points.length > most || isCut ? `${points.slice(0, most).join('')}…` : text.toWellFormed();
}

/** Text of a source, kept from turning the direction of what stands around it. */
export const foreign = (text: string, most?: number): string => `<bdi>${toHtml(text, most)}</bdi>`;
