import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../errors/assay-error.ts';
import type { Action, Logic, PatternMethod } from '../method.ts';
import { readDefinition, writeDefinition } from './read-definition.ts';

const VALIDATORS = ['luhn', 'iban'];
const read = (json: unknown, options = {}) => readDefinition(json, { validators: VALIDATORS, ...options });
function problemsOf(json: unknown, options = {}): string[] {
  try {
    read(json, options);
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    expect(error.row.status).toBe(400);
    return error.problems;
  }
  throw new Error('it was accepted');
}

const DICTIONARY = {
  _id: '0d3f6b1e-1111-4111-8111-111111111111',
  name: 'Transaction types',
  type: 'Dictionary',
  isEnabled: true,
  rules: [
    {
      type: 'Dictionary',
      minSamples: '1',
      confidenceScore: { '+': [{ '*': [{ var: 'similarity' }, 0.9] }, { '*': [{ var: 'metadataScore' }, 0.1] }] },
      condition: {
        and: [{ '>=': [{ var: 'confidenceScore' }, '0.7'] }, { '>=': [{ var: 'columnCardinality' }, '1'] }],
      },
      actions: [{ applyTags: [{ name: 'txn' }], applyBusinessTerms: [{ name: 'Transaction type', id: 't-1' }] }],
    },
  ],
  categories: ['finance'],
  description: '',
  note: '',
  version: '1690000000',
  lastUpdate: '1690000000',
  rowCount: 8,
  csv: 'x.csv',
  authoritative: false,
  language: 'en-us',
  dataEventThreshold: 0.7,
  builtIn: false,
  metadataHints: { aliases: [{ nameRegex: '(?i)txn_?type', score: 0.1 }] },
};
const PATTERN = {
  _id: 'p-1',
  name: 'SSN',
  type: 'DataPattern',
  isEnabled: 'true',
  rules: [
    {
      type: 'DataPattern',
      minSamples: '200',
      confidenceScore: {
        '+': [
          { '*': [{ var: 'regexScore' }, '0.40'] },
          { '*': [{ var: 'profilePatternScore' }, '0.30'] },
          { '*': [{ var: 'metadataScore' }, '0.30'] },
        ],
      },
      condition: { and: [{ '>=': [{ var: 'confidenceScore' }, '0.5'] }] },
      actions: [{ applyTags: [{ k: 'SSN' }, { k: 'Sensitivity', v: 1.0 }] }],
    },
  ],
  categories: [],
  minSamples: 200,
  dataEventThreshold: 0.5,
  profilePatterns: ['nnnsnnsnnnn', 'ddd-dd-dddd'],
  regexMatch: {
    regex: ['^(?!666|000|9\\d{2})\\d{3}-(?!00)\\d{2}-(?!0{4})\\d{4}$'],
    exclusions: ['000000000'],
    validator: 'luhn',
  },
  metadataHints: {
    aliases: [
      { nameRegex: '^SSN*', score: 0.75 },
      { nameRegex: 'TIN*', score: '0.70' },
    ],
  },
};

describe('definitions', () => {
  it('reads a dictionary as the original exports it', () => {
    const { method, warnings } = read(DICTIONARY);
    expect(method).toMatchObject({
      kind: 'dictionary',
      id: DICTIONARY._id,
      enabled: true,
      builtIn: false,
      categories: ['finance'],
      aliases: [{ nameRegex: '(?i)txn_?type', score: 0.1 }],
      rules: [
        {
          minSamples: 1,
          actions: [{ tags: ['txn'], tableTags: [], terms: [{ name: 'Transaction type', id: 't-1' }] }],
        },
      ],
    });
    expect(warnings).toEqual([]);
  });

  it('reads a data pattern with the spellings of older versions', () => {
    const { method, warnings } = read(PATTERN);
    expect(method).toMatchObject({
      kind: 'pattern',
      profilePatterns: ['dddsddsdddd', 'dddsddsdddd'],
      exclusions: ['000000000'],
      validator: 'luhn',
      aliases: [{ score: 0.75 }, { score: 0.7 }],
      rules: [{ minSamples: 200, actions: [{ tags: ['SSN'], sensitivity: 'HIGH' }] }],
    });
    expect(warnings).toEqual([
      'rules[0].actions[0].applyTags[1]: an older spelling of applySensitivity: read as HIGH',
      'profilePatterns[1]: read as dddsddsdddd: a sign is an s',
    ]);
  });

  it('takes names of business terms as long as they can be stored', () => {
    const terms = (...applyBusinessTerms: unknown[]) => ({
      ...DICTIONARY,
      rules: [{ ...DICTIONARY.rules[0], actions: [{ applyBusinessTerms }] }],
    });
    expect(problemsOf(terms('t'.repeat(501), { name: 't'.repeat(501) }))).toEqual(
      [0, 1].map((i) => expect.stringContaining(`applyBusinessTerms[${i}]`)),
    );
    expect(read(terms('t'.repeat(500))).method.rules[0]?.actions[0]?.terms).toHaveLength(1);
  });

  it('take an empty id of a business term for none, and no text for a list of tags', () => {
    const [rule] = DICTIONARY.rules;
    const of = (action: object) => ({ ...DICTIONARY, rules: [{ ...rule, actions: [action] }] });
    const { method, warnings } = read(of({ applyBusinessTerms: [{ name: 'x', id: '' }] }));
    expect(method.rules[0]?.actions[0]?.terms).toEqual([{ name: 'x' }]);
    expect(warnings).toEqual([
      'rules[0].actions[0].applyBusinessTerms[0].id: is an empty text, which is no id; the term is found or made by its name',
    ]);
    expect(problemsOf(of({ applyTags: 'x', applyTableTags: 'y' }))).toEqual([
      'rules[0].actions[0].applyTags: received a text, expected a list of tags, as [{"name": "…"}]',
      'rules[0].actions[0].applyTableTags: received a text, expected a list of tags, as [{"name": "…"}]',
    ]);
  });

  it('names every problem with its place', () => {
    expect(
      problemsOf({
        ...PATTERN,
        name: '',
        isEnabled: 'perhaps',
        profilePatterns: ['dxd'],
        regexMatch: { regex: ['[a-'], exclusions: [7], validator: 'lun' },
        metadataHints: { aliases: [{ nameRegex: '*a', score: 2 }] },
        rules: [
          { ...PATTERN.rules[0], condition: { '>': [{ var: 'similarity' }, 'x'] }, actions: [{}] },
          { ...PATTERN.rules[0], minSamples: -1, confidenceScore: { var: 'confidenceScore' }, actions: [] },
          7,
        ],
      }),
    ).toEqual([
      'name: received an empty text, expected a text',
      'isEnabled: received a string, expected true or false',
      expect.stringMatching(/^rules\[0\]\.condition\.>\[0\]: similarity is not known of a data pattern; known are /),
      'rules[0].condition.>[1]: received the text "x", expected a number, since every variable is one',
      expect.stringMatching(/^rules\[0\]\.actions\[0\]: holds nothing to apply/),
      'rules[1].minSamples: received -1, expected a whole number from 0 to 9007199254740991',
      'rules[1].confidenceScore: confidenceScore cannot be computed from itself; it may stand in the condition',
      expect.stringMatching(/^rules\[1\]\.actions: holds nothing to apply/),
      'rules[2]: received a number, expected an object',
      expect.stringMatching(/^metadataHints\.aliases\[0\]\.nameRegex: character 1: \* has nothing to repeat/),
      'metadataHints.aliases[0].score: received 2, expected a number from 0 to 1',
      expect.stringMatching(/^profilePatterns\[0\]: received "dxd", expected the letters A a L d w c s.*"x" is none/),
      expect.stringMatching(/^regexMatch\.regex\[0\]: character 1: \[ is not closed/),
      'regexMatch.exclusions[0]: received a number, expected a text',
      'regexMatch.validator: unknown validator "lun"; did you mean luhn?',
    ]);
  });

  it('refuses what is no definition, or one of the other kind', () => {
    for (const json of [[DICTIONARY], null, 'x', undefined, 3])
      expect(problemsOf(json)).toEqual([expect.stringContaining('expected one object')]);
    expect(problemsOf({ name: 'x' })).toEqual(['type: is missing; expected Dictionary or DataPattern']);
    expect(problemsOf({ ...DICTIONARY, type: 'List' })).toEqual([
      'type: received "List", expected Dictionary or DataPattern',
    ]);
    expect(problemsOf(PATTERN, { kind: 'dictionary' })).toEqual(['type: received DataPattern, expected Dictionary']);
    const { _id, ...nameless } = DICTIONARY;
    expect(problemsOf(nameless)).toEqual(['_id: received nothing, expected a text']);
    expect(read(nameless, { id: 'given' }).method.id).toBe('given');
  });

  it('accepts and warns: weights, unknown keys, a key that the original drops, rules that never come', () => {
    const [rule] = DICTIONARY.rules;
    const { method, warnings } = read({
      ...DICTIONARY,
      colour: 'blue',
      rules: [
        {
          ...rule,
          confidenceScore: { '*': [{ var: 'similarity' }, '0.9'] },
          condition: undefined,
          actions: { assignBusinessTerm: 'Kind', applyTableTags: { name: 'ledger' }, applySensitivity: 'medium' },
        },
      ],
    });
    expect(method.rules[0]).toMatchObject({
      condition: { '>=': [{ var: 'confidenceScore' }, 0.7] },
      actions: [{ terms: [{ name: 'Kind' }], tableTags: ['ledger'], sensitivity: 'MEDIUM' }],
    });
    expect(warnings).toEqual([
      'definition: unknown key colour: kept, without effect',
      'rules[0].confidenceScore: the weights add up to 0.9, not to 1; taken as they are',
      expect.stringContaining('rules[0].actions.assignBusinessTerm'),
    ]);
    expect(read({ ...DICTIONARY, rules: [] }).warnings).toEqual([expect.stringContaining('nothing will ever match')]);
  });

  it('gives a version that changes with what could change a verdict, and with nothing else', () => {
    const version = (json: object): string => read({ ...PATTERN, ...json }).method.version;
    const first = version({});
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    for (const same of [{ isEnabled: false }, { _id: 'other' }, { description: 'x' }, { categories: ['y'] }])
      expect(version(same)).toBe(first);
    for (const other of [{ name: 'SSN 2' }, { profilePatterns: ['d'] }, { metadataHints: {} }, { rules: [] }])
      expect(version(other)).not.toBe(first);
  });

  it('reads what it wrote: any method comes back as it was', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const score = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
    const logic = (names: string[]): fc.Arbitrary<Logic> =>
      fc.oneof(
        score,
        score.map(String),
        fc.constantFrom(...names).map((name) => ({ '>=': [{ var: name }, '0.5'] })),
      );
    const action: fc.Arbitrary<Action> = fc
      .record({
        tags: fc.array(word),
        tableTags: fc.array(word),
        terms: fc.array(fc.record({ name: word, id: word }, { requiredKeys: ['name'] })),
        sensitivity: fc.option(fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const), { nil: undefined }),
      })
      .filter(({ tags, tableTags, terms, sensitivity }) => !!(sensitivity ?? [...tags, ...tableTags, ...terms][0]));
    const method = fc.record({
      kind: fc.constant('pattern' as const),
      id: word,
      name: word,
      enabled: fc.boolean(),
      builtIn: fc.boolean(),
      categories: fc.array(word),
      rules: fc.array(
        fc.record({
          minSamples: fc.nat(),
          confidenceScore: logic(['regexScore', 'metadataScore']),
          condition: logic(['confidenceScore', 'rowCount']),
          actions: fc.array(action, { minLength: 1, maxLength: 3 }),
        }),
        { maxLength: 3 },
      ),
      aliases: fc.array(fc.record({ nameRegex: word, score })),
      profilePatterns: fc.array(fc.stringMatching(/^[AaLdwcs]{1,9}$/)),
      regexes: fc.array(word),
      exclusions: fc.array(word),
      validator: fc.option(fc.constantFrom(...VALIDATORS), { nil: undefined }),
    });
    fc.assert(
      fc.property(method, (of) => {
        const written = writeDefinition({ ...of, version: '' } as PatternMethod);
        const { version, ...back } = read(written, { builtIn: of.builtIn }).method;
        expect(back).toEqual(of);
        const again = read(JSON.parse(JSON.stringify(written)), { builtIn: of.builtIn }).method;
        expect(again.version).toBe(version);
      }),
    );
  });
});
