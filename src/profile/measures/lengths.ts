import { isAscii } from '../text/alphabet.ts';
import { type Measure, requireCount } from './measure.ts';

/** Lengths of texts in code points, of bytes in bytes. Sums are texts: the sum of squares may pass 2^53. */
export interface LengthsPart {
  count: number;
  min: number | null;
  max: number | null;
  sum: string;
  squares: string;
}

export const lengths: Measure<LengthsPart> = {
  name: 'lengths',
  pass: 'scan',
  applies: ({ kind }) => kind === 'text' || kind === 'blob',
  sql({ ref, kind }): Record<string, string> {
    const length = kind === 'blob' ? `octet_length(${ref})` : `length(${ref})`;
    return {
      count: `count(${ref})`,
      shortest: `min(${length})`,
      longest: `max(${length})`,
      total: `sum(${length})`,
      squares: `sum(${length}::BIGINT * ${length}::BIGINT)`,
    };
  },
  inHand({ texts, counts, rows }) {
    let [least, most, sum, squares] = [Number.POSITIVE_INFINITY, 0, 0, 0];
    for (const [i, text] of texts.entries()) {
      const length = isAscii(text) ? text.length : [...text].length;
      const count = counts[i] as number;
      if (length < least) least = length;
      if (length > most) most = length;
      sum += count * length;
      squares += count * length * length;
    }
    const [min, max] = rows === 0 ? [null, null] : [least, most];
    return { count: rows, min, max, sum: String(sum), squares: String(squares) };
  },
  part: readLengths,
  merge: mergeLengths,
};

/** From `count`, `shortest`, `longest`, `total` and `squares`. */
export function readLengths(row: Record<string, string | null>): LengthsPart {
  return {
    count: requireCount(row, 'count'),
    min: row.shortest == null ? null : Number(row.shortest),
    max: row.longest == null ? null : Number(row.longest),
    sum: row.total ?? '0',
    squares: row.squares ?? '0',
  };
}

export function mergeLengths(a: LengthsPart, b: LengthsPart): LengthsPart {
  return {
    count: a.count + b.count,
    min: a.min === null || b.min === null ? (a.min ?? b.min) : Math.min(a.min, b.min),
    max: a.max === null || b.max === null ? (a.max ?? b.max) : Math.max(a.max, b.max),
    sum: String(BigInt(a.sum) + BigInt(b.sum)),
    squares: String(BigInt(a.squares) + BigInt(b.squares)),
  };
}
