import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SseMessage, SseParser } from './server-sent-events.ts';

const parse = (chunks: readonly string[]): SseMessage[] => {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

test('reads fields, comments, several data lines and all line ends', () => {
  const text =
    'retry: 1000\n\n: still there\n\nid: 7\r\nevent: status\r\ndata: {"a":\r\ndata:1}\r\n\r\ndata\rid\r\rx: y\n\n';
  expect(parse([text])).toEqual([
    { event: 'message', data: '', id: '', retryMs: 1000 },
    { event: 'status', data: '{"a":\n1}', id: '7' },
    { event: 'message', data: '', id: '' },
  ]);
  expect(parse(['data: not ended\n'])).toEqual([]);
});

test('where the text is cut makes no difference', () => {
  const line = fc.oneof(
    fc.constantFrom('', ':', 'id: 3', 'event: end', 'retry: 5', 'retry: x', 'data'),
    fc.string().map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200)), (parts, cuts) => {
      const text = `${parts.map(([one, end]) => one + end).join('')}\n`;
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const chunks = places.slice(1).map((place, index) => text.slice(places[index], place));
      expect(parse(chunks)).toEqual(parse([text]));
    }),
  );
});
