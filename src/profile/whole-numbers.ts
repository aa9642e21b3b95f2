import { decimalShape, type MeasuredColumn } from './column.ts';
import type { InHand } from './in-hand.ts';

/** Numbers of up to 19 digits, or decimals of up to 18, which DuckDB adds up exactly, too, however many there are. */
export const hasWholeNumbers = ({ kind, duckdbType }: MeasuredColumn): boolean =>
  kind === 'integer' ? !/HUGEINT$/i.test(duckdbType) : kind === 'decimal' && decimalShape(duckdbType).width <= 18;

/** Σ x or Σ x² over all rows, exactly; x is the value in units of its last digit. */
export function sumInHand({ texts, counts }: InHand, column: Pick<MeasuredColumn, 'scale'>, power: 1 | 2): bigint {
  let [whole, part] = [0n, 0];
  for (let i = 0; i < texts.length; i += 1) {
    const digits = column.scale === 0 ? (texts[i] as string) : (texts[i] as string).replace('.', '');
    const count = counts[i] as number;
    const x = Number(digits);
    const small = (power === 1 ? x : x * x) * count;
    if (Math.abs(small) <= Number.MAX_SAFE_INTEGER && Math.abs(part + small) <= Number.MAX_SAFE_INTEGER) part += small;
    else whole += BigInt(digits) ** BigInt(power) * BigInt(count);
  }
  return whole + BigInt(part);
}
