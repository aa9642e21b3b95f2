/** What begins a page or a document, behind a prologue, comments and white space. */
const PAGE = /^<(?:!doctype\s+html|html|head|body)(?=[\s>])/i;
const DOCUMENT = /^<(?:\?xml\s|!doctype\s)/i;
const COMMENT = /^<!--[\s\S]*?-->\s*/;
const ELEMENT = /^<([a-z][\w:.-]*)(?:\s[^<>]*)?>(\s*<)?/i;

/**
 * Whether a text is HTML or XML as a whole: it begins as such, or with an element around others that ends where the text does. A table with tags in its
 * cells, also in the first one, is neither. Pure.
 *
 * @param tail the end of the text, or the text
 */
export function markupOf(head: string, tail: string): 'HTML' | 'XML' | undefined {
  let text = head.replace(/^\ufeff/, '').trimStart();
  for (let comment = COMMENT.exec(text); comment; comment = COMMENT.exec(text)) text = text.slice(comment[0].length);
  if (PAGE.test(text)) return 'HTML';
  if (DOCUMENT.test(text)) return /<html[\s>]/i.test(text.slice(0, 2_000)) ? 'HTML' : 'XML';
  const [, root, nested] = ELEMENT.exec(text) ?? [];
  const close = `</${root?.toLowerCase()}>`;
  if (
    root === undefined ||
    (nested === undefined && !HTML_ROOTS.has(root.toLowerCase())) ||
    !tail.trimEnd().toLowerCase().endsWith(close)
  )
    return undefined;
  const closes = text.toLowerCase().indexOf(close);
  const isRoot = closes < 0 || text.slice(closes + close.length).trim() === '';
  return isRoot ? (HTML_ROOTS.has(root.toLowerCase()) ? 'HTML' : 'XML') : undefined;
}

const HTML_ROOTS = new Set(['table', 'div', 'pre', 'ul', 'p', 'span', 'form', 'section', 'main']);
