import { seededRandom } from '../seeded-random.ts';
import type { LabelledColumn } from './column.ts';
import { HAND_WRITTEN } from './hand-written.ts';
import { HAND_WRITTEN_FOR_TUNING } from './hand-written-for-tuning.ts';
import { type Half, layOut } from './layouts.ts';
import { MISNOMERS } from './misnomers.ts';
import { NEGATIVES } from './negatives.ts';
import { TYPES_OF_SHAPES } from './types-of-shapes.ts';
import { typesOfTerms } from './types-of-terms.ts';

const SEEDS: Record<Half, number> = { development: 20_260_101, 'held out': 31_415_926 };

/**
 * Labelled columns, the same ones for the same arguments. The halves share no seed and no name of a column but those that name
 * nothing; each has columns written by hand.
 *
 * @param layouts columns of each name of each type
 */
export async function buildCorpus(half: Half, layouts = 2): Promise<LabelledColumn[]> {
  const random = seededRandom(SEEDS[half]);
  const types = [...(await typesOfTerms()), ...TYPES_OF_SHAPES, ...NEGATIVES, ...MISNOMERS];
  const generated = types.flatMap((type) => layOut(type, half, random, layouts));
  return [...generated, ...(half === 'held out' ? HAND_WRITTEN : HAND_WRITTEN_FOR_TUNING)];
}
