/**
 * Where the rows of a table lie among its row ids, found by looking at few of them. Row ids are any whole numbers of 64 bits, with gaps of
 * any size, and SQLite keeps no count of rows.
 */

/** How a table is asked for its row ids, each question one descent into its tree. */
export interface RowIds {
  /** The smallest id from here on. */
  from(id: bigint): bigint | undefined;
  /** The largest id below. */
  below(id: bigint): bigint | undefined;
  /** How many ids there are from here to `to`, `most` at most, and the last of them. */
  count(id: bigint, to: bigint, most: number): { rows: number; last: bigint };
}

/** From one row to another, with about so many rows. */
export interface Piece {
  low: bigint;
  high: bigint;
  rows: number;
}

/** Each is one more look; 1,024 of them take some milliseconds. */
const MOST_PIECES = 1_024;
/** Places of a piece that are looked at for how close its rows lie, and the rows there that are counted. */
const PLACES = 4;
const ROWS_OF_PLACE = 64;

/**
 * Cuts the ids between the first and the last row into pieces, each time the widest one, in its middle, so that a gap there belongs to no
 * piece. A piece never holds more rows than ids: once all are as narrow as `narrow`, no piece has more rows than that, however they lie.
 */
export function findPieces(ids: RowIds, low: bigint, high: bigint, narrow: bigint): Piece[] {
  const pieces = [{ low, high }];
  while (pieces.length < MOST_PIECES) {
    const at = widest(pieces);
    const piece = pieces[at] as (typeof pieces)[number];
    if (piece.high - piece.low < narrow) break;
    const middle = piece.low + (piece.high - piece.low) / 2n + 1n;
    const [end, start] = [ids.below(middle) ?? piece.low, ids.from(middle) ?? piece.high];
    pieces.splice(at, 1, { low: piece.low, high: end }, { low: start, high: piece.high });
  }
  return pieces.map((piece) => ({ ...piece, rows: estimateRows(ids, piece) }));
}

function widest(pieces: readonly { low: bigint; high: bigint }[]): number {
  let found = 0;
  for (const [i, { low, high }] of pieces.entries()) {
    const best = pieces[found];
    if (best && high - low > best.high - best.low) found = i;
  }
  return found;
}

function estimateRows(ids: RowIds, { low, high }: { low: bigint; high: bigint }): number {
  const width = high - low + 1n;
  const first = ids.count(low, high, ROWS_OF_PLACE);
  if (first.rows < ROWS_OF_PLACE) return first.rows;
  let density = 0;
  for (let place = 0; place < PLACES; place++) {
    const at = low + (width * BigInt(2 * place + 1)) / BigInt(2 * PLACES);
    const { rows, last } = ids.count(at, high, ROWS_OF_PLACE);
    const end = rows < ROWS_OF_PLACE ? high : last;
    density += rows / Number(end - at + 1n) / PLACES;
  }
  return Math.max(ROWS_OF_PLACE, Number(width) * density);
}

export const rowsOf = (pieces: readonly Piece[]): number => Math.round(pieces.reduce((sum, { rows }) => sum + rows, 0));

/** The first ids of all parts but the first: parts of about as many rows each, `targetRows` at most. Rising. Pure. */
export function cutPieces(pieces: readonly Piece[], targetRows: number): bigint[] {
  const total = rowsOf(pieces);
  const parts = Math.max(1, Math.ceil(total / Math.max(1, targetRows)));
  const cuts = new Set<bigint>();
  let [at, before] = [0, 0];
  for (let part = 1; part < parts; part++) {
    const wanted = (total * part) / parts;
    while (at < pieces.length - 1 && before + (pieces[at] as Piece).rows <= wanted)
      before += (pieces[at++] as Piece).rows;
    const { low, high, rows } = pieces[at] as Piece;
    const share = Math.min(1, Math.max(0, (wanted - before) / rows));
    cuts.add(low + BigInt(Math.floor(Number(high - low) * share)));
  }
  return [...cuts].filter((cut) => cut > (pieces[0] as Piece).low);
}
