import { linearWeights } from '../logic/linear-weights.ts';
import { problemsOfLogic } from '../logic/read-logic.ts';
import type { Logic, MethodKind, Rule } from '../method.ts';
import type { Variable } from '../verdict.ts';
import type { Place } from './place.ts';
import { readAction } from './read-actions.ts';

/** What a confidence may be computed from. */
const SCORES: Record<MethodKind, readonly Variable[]> = {
  dictionary: [
    'similarity',
    'metadataScore',
    'columnCardinality',
    'dictionaryCardinality',
    'intersectionCardinality',
    'dictionarySimilarity',
    'rowCount',
  ],
  // The original refuses columnCardinality in a pattern; it is known of every profiled column.
  pattern: ['metadataScore', 'profilePatternScore', 'regexScore', 'columnCardinality', 'rowCount'],
};
const KIND_WORDS: Record<MethodKind, string> = { dictionary: 'dictionary', pattern: 'data pattern' };

/** What a definition says beside its rules and they fall back on. */
export interface Fallbacks {
  minSamples: number;
  threshold?: number;
}

export function readRules(place: Place, kind: MethodKind, fallbacks: Fallbacks): Rule[] {
  const rules = place.list();
  if (rules.length === 0 && (place.absent || Array.isArray(place.value)))
    place.warn('there are no rules, so nothing will ever match');
  return rules.map((rule) => readRule(rule, kind, fallbacks)).filter((rule) => rule !== undefined);
}

function readRule(place: Place, kind: MethodKind, fallbacks: Fallbacks): Rule | undefined {
  if (!place.object(['type', 'minSamples', 'confidenceScore', 'condition', 'actions', '__typename'])) return undefined;
  const minSamples = place
    .at('minSamples')
    .number({ least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }, fallbacks.minSamples);
  const confidenceScore = readLogic(place.at('confidenceScore'), kind, SCORES[kind]);
  if (confidenceScore !== undefined) warnOfWeights(place.at('confidenceScore'), confidenceScore);
  const written = place.at('condition');
  const condition =
    written.absent && fallbacks.threshold !== undefined
      ? { '>=': [{ var: 'confidenceScore' }, fallbacks.threshold] }
      : readLogic(written, kind, [...SCORES[kind], 'confidenceScore']);
  const items = place.at('actions').list(true);
  if (items.length === 0)
    place
      .at('actions')
      .problem('holds nothing to apply; expected at least one action, as {"applyTags": [{"name": "…"}]}');
  const actions = items.map(readAction).filter((action) => action !== undefined);
  if (confidenceScore === undefined || condition === undefined) return undefined;
  return { minSamples, confidenceScore, condition, actions };
}

function readLogic(place: Place, kind: MethodKind, allowed: readonly Variable[]): Logic | undefined {
  if (place.absent) {
    place.problem('is missing; expected JsonLogic, as {">=": [{"var": "confidenceScore"}, 0.7]}');
    return undefined;
  }
  const problems = problemsOfLogic(place.value, place.path, allowed, (name) =>
    name === 'confidenceScore'
      ? 'confidenceScore cannot be computed from itself; it may stand in the condition'
      : `${name} is not known of a ${KIND_WORDS[kind]}; known are ${allowed.join(', ')}`,
  );
  place.notes.problems.push(...problems);
  return problems.length === 0 ? (place.value as Logic) : undefined;
}

function warnOfWeights(place: Place, logic: Logic): void {
  const linear = linearWeights(logic);
  if (!linear || linear.weights.size === 0) return;
  const total = [...linear.weights.values()].reduce((sum, weight) => sum + weight, linear.constant);
  if (Math.abs(total - 1) > 1e-9)
    place.warn(`the weights add up to ${Number(total.toPrecision(6))}, not to 1; taken as they are`);
}
