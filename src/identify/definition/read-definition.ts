import { AssayError } from '../../errors/assay-error.ts';
import { kindOf } from '../../model/coerce.ts';
import type { Alias, DictionaryMethod, Method, MethodKind, PatternMethod } from '../method.ts';
import { problemsOfRegex } from '../regex/compile-regex.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Notes, Place } from './place.ts';
import { readPatterns } from './read-patterns.ts';
import { readRules } from './read-rules.ts';

/** A dictionary as its definition tells it: how many terms it has, only the terms know. */
export type DictionaryDefinition = Omit<DictionaryMethod, 'cardinality'>;

export interface ReadOptions {
  /** Used where the definition names none. */
  id?: string;
  /** What the caller takes it for; a definition that says otherwise is refused. */
  kind?: MethodKind;
  /** Names of the validators there are. */
  validators: Iterable<string>;
  builtIn?: boolean;
}

export interface ReadResult<Read = DictionaryDefinition | PatternMethod> {
  method: Read;
  /** What was accepted and may not be what was meant, each with its place. */
  warnings: string[];
}

const TYPES: Record<string, MethodKind> = { dictionary: 'dictionary', datapattern: 'pattern' };
const TYPE_OF: Record<MethodKind, string> = { dictionary: 'Dictionary', pattern: 'DataPattern' };

/** Without effect on verdicts; the server of the original computes the last three. */
const BESIDE = [
  '_id',
  'name',
  'type',
  'isEnabled',
  'rules',
  'categories',
  'metadataHints',
  'description',
  'note',
  'version',
  'lastUpdate',
  'language',
  'builtIn',
  'authoritative',
  'dataEventThreshold',
  'minSamples',
  'weight',
  'glossaries',
  '__typename',
  'bitset',
  'hll',
  'dictionaryTermId',
];
const KEYS: Record<MethodKind, string[]> = {
  dictionary: [...BESIDE, 'rowCount', 'csv'],
  pattern: [...BESIDE, 'profilePatterns', 'regexMatch'],
};

/**
 * Reads the JSON of a dictionary or data pattern, as the original exports it (PDC 10.1 and 11) and as `writeDefinition` does.
 * Numbers and numeric texts mean the same everywhere. What is not known is kept by whoever keeps the JSON, and warned of.
 *
 * @throws AssayError BAD_REQUEST that names every problem with its place: `rules[0].condition.>=[1]: …`
 */
export function readDefinition(
  json: unknown,
  options: ReadOptions & { kind: 'dictionary' },
): ReadResult<DictionaryDefinition>;
export function readDefinition(json: unknown, options: ReadOptions & { kind: 'pattern' }): ReadResult<PatternMethod>;
export function readDefinition(json: unknown, options: ReadOptions): ReadResult;
export function readDefinition(json: unknown, options: ReadOptions): ReadResult {
  const notes: Notes = { problems: [], warnings: [] };
  const place = new Place(json, '', notes);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw refusal([`definition: received ${kindOf(json)}, expected one object with name, type and rules`]);
  const kind = readKind(place, options.kind);
  if (kind === undefined) throw refusal(notes.problems);
  place.object(KEYS[kind]);
  const name = place.at('name').text();
  const id = place.at('_id').absent && options.id !== undefined ? options.id : place.at('_id').text();
  const threshold = place.at('dataEventThreshold');
  const common = {
    id: id ?? '',
    name: name ?? '',
    enabled: place.at('isEnabled').truth(true),
    builtIn: options.builtIn ?? false,
    categories: place.at('categories').texts(true),
    rules: readRules(place.at('rules'), kind, {
      minSamples: place.at('minSamples').number({ least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }, 0),
      ...(threshold.absent ? {} : { threshold: threshold.number({ least: 0, most: 1 }, 0) }),
    }),
    aliases: readAliases(place.at('metadataHints')),
  };
  const read: Unversioned =
    kind === 'dictionary' ? { kind, ...common } : { kind, ...common, ...readPatterns(place, [...options.validators]) };
  if (notes.problems.length > 0) throw refusal(notes.problems);
  return { method: { ...read, version: fingerprintOf(read) }, warnings: notes.warnings };
}

type Unversioned = Omit<DictionaryDefinition, 'version'> | Omit<PatternMethod, 'version'>;

function refusal(problems: string[]): AssayError {
  const [first = ''] = problems;
  return new AssayError(
    'BAD_REQUEST',
    problems.length === 1 ? first : `the definition has ${problems.length} problems; the first: ${first}`,
    { problems },
  );
}

function readKind(place: Place, wanted: MethodKind | undefined): MethodKind | undefined {
  const type = place.at('type');
  const rule = place.at('rules').list(true)[0]?.at('type');
  const given = type.absent && rule ? rule : type;
  if (given.absent) {
    if (wanted === undefined) type.problem('is missing; expected Dictionary or DataPattern');
    return wanted;
  }
  const text = given.text();
  const kind = text === undefined ? undefined : TYPES[text.replaceAll(/[\s_-]/g, '').toLowerCase()];
  if (kind === undefined) {
    if (text !== undefined) given.problem(`received ${JSON.stringify(text)}, expected Dictionary or DataPattern`);
    return undefined;
  }
  if (wanted !== undefined && kind !== wanted) {
    given.problem(`received ${TYPE_OF[kind]}, expected ${TYPE_OF[wanted]}`);
    return undefined;
  }
  return kind;
}

function readAliases(place: Place): Alias[] {
  if (place.absent || !place.object(['aliases'])) return [];
  return place
    .at('aliases')
    .list()
    .flatMap((item) => {
      if (!item.object(['nameRegex', 'score'])) return [];
      const nameRegex = item.at('nameRegex').text();
      if (nameRegex === undefined) return [];
      for (const problem of problemsOfRegex(nameRegex)) item.at('nameRegex').problem(problem);
      return [{ nameRegex, score: item.at('score').number({ least: 0, most: 1 }, 1) }];
    });
}

/** The JSON of a method, in the shape of the original. `readDefinition` gives the same method again. */
export function writeDefinition(method: DictionaryDefinition | Method): Record<string, unknown> {
  const type = TYPE_OF[method.kind];
  return {
    _id: method.id,
    name: method.name,
    type,
    isEnabled: method.enabled,
    builtIn: method.builtIn,
    categories: method.categories,
    rules: method.rules.map(({ minSamples, confidenceScore, condition, actions }) => ({
      type,
      minSamples,
      confidenceScore,
      condition,
      actions: actions.map(({ tags, tableTags, terms, sensitivity }) => ({
        ...(tags.length > 0 ? { applyTags: tags.map((name) => ({ name })) } : {}),
        ...(tableTags.length > 0 ? { applyTableTags: tableTags.map((name) => ({ name })) } : {}),
        ...(terms.length > 0 ? { applyBusinessTerms: terms } : {}),
        ...(sensitivity === undefined ? {} : { applySensitivity: sensitivity }),
      })),
    })),
    metadataHints: { aliases: method.aliases },
    ...(method.kind === 'pattern'
      ? {
          profilePatterns: method.profilePatterns,
          regexMatch: {
            regex: method.regexes,
            exclusions: method.exclusions,
            ...(method.validator === undefined ? {} : { validator: method.validator }),
          },
        }
      : {}),
  };
}
