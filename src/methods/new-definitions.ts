/**
 * The definition of a dictionary that is made of a list of terms alone, in the fields of the original: nine tenths similarity, a tenth the
 * name of the column, and a tag of its own name from 0.7 on. There is no alias, so a column needs 78 of 100 values.
 */
export function newDictionary(name: string, tag = name): Record<string, unknown> {
  return {
    name,
    type: 'Dictionary',
    isEnabled: true,
    rules: [
      {
        type: 'Dictionary',
        minSamples: '1',
        confidenceScore: {
          '+': [{ '*': [{ var: 'similarity' }, 0.9] }, { '*': [{ var: 'metadataScore' }, 0.1] }],
        },
        condition: {
          and: [{ '>=': [{ var: 'confidenceScore' }, '0.7'] }, { '>=': [{ var: 'columnCardinality' }, '1'] }],
        },
        actions: [{ applyTags: [{ name: tag }] }],
      },
    ],
    categories: [],
    description: '',
    note: '',
    dataEventThreshold: 0.7,
    metadataHints: { aliases: [] },
  };
}

/**
 * The definition of a data pattern from what a column's values look like. It is switched off until somebody has looked at it.
 *
 * @param share of the rows that must match
 */
export function newPattern(
  name: string,
  from: { patterns: readonly string[]; regexes: readonly string[] },
  tag = name,
): Record<string, unknown> {
  const [regex, pattern] = from.regexes.length > 0 ? ['0.6', '0.4'] : ['0', '1'];
  return {
    name,
    type: 'DataPattern',
    isEnabled: false,
    rules: [
      {
        type: 'DataPattern',
        minSamples: '200',
        confidenceScore: {
          '+': [{ '*': [{ var: 'regexScore' }, regex] }, { '*': [{ var: 'profilePatternScore' }, pattern] }],
        },
        condition: { and: [{ '>=': [{ var: 'confidenceScore' }, '0.8'] }] },
        actions: [{ applyTags: [{ name: tag }] }],
      },
    ],
    categories: [],
    description: '',
    note: '',
    minSamples: 200,
    dataEventThreshold: 0.8,
    profilePatterns: [...from.patterns],
    regexMatch: { regex: [...from.regexes], exclusions: [] },
    metadataHints: { aliases: [] },
  };
}
