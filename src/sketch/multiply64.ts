/** The constants of the published hash of texts and of the hash of rows, as halves of 32 bits: the factors, and the seed of a text. */
export const [K_HIGH, K_LOW] = [0xd6e8feb8 | 0, 0x6659fd93];
export const [L_HIGH, L_LOW] = [0xc6a4a793 | 0, 0x5bd1e995];
export const SEED = 0xe17a1465 | 0;

/** A number of 64 bits, as two signed halves of 32: a number holds no 64, and BigInt takes ten times as long. */
export const state = { high: 0, low: 0 };

/** Multiplies the state by a factor modulo 2⁶⁴, by products of 16 bits each. */
export function multiply(factorHigh: number, factorLow: number): void {
  const { high, low } = state;
  const a = low & 0xffff;
  const b = low >>> 16;
  const c = factorLow & 0xffff;
  const d = factorLow >>> 16;
  const ac = Math.imul(a, c);
  const ad = Math.imul(a, d);
  const bc = Math.imul(b, c);
  const middle = (ac >>> 16) + (ad & 0xffff) + (bc & 0xffff);
  const carried = (Math.imul(b, d) + (ad >>> 16) + (bc >>> 16) + (middle >>> 16)) | 0;
  state.high = (carried + Math.imul(low, factorHigh) + Math.imul(high, factorLow)) | 0;
  state.low = (middle << 16) | (ac & 0xffff);
}
