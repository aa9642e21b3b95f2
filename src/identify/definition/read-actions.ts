import type { Action } from '../method.ts';
import type { Place } from './place.ts';

const KEYS = [
  'applyTags',
  'applyTableTags',
  'applyBusinessTerms',
  'assignBusinessTerm',
  'applySensitivity',
  'sensitivity',
] as const;
const LEVELS = ['LOW', 'MEDIUM', 'HIGH'] as const;
type Level = (typeof LEVELS)[number];

/** `applyTags` and its neighbours of one action, in every spelling there has been. */
export function readAction(place: Place): Action | undefined {
  if (!place.object(KEYS)) return undefined;
  const action: Action = { tags: [], tableTags: [], terms: [] };
  for (const item of tagsOf(place.at('applyTags'))) readTag(item, action, 'tags');
  for (const item of tagsOf(place.at('applyTableTags'))) readTag(item, action, 'tableTags');
  for (const key of ['applyBusinessTerms', 'assignBusinessTerm'] as const) {
    const terms = place.at(key);
    if (key === 'assignBusinessTerm' && !terms.absent)
      terms.warn('the original drops this key without a word; it is taken for applyBusinessTerms');
    for (const item of terms.list(true)) readTerm(item, action);
  }
  for (const key of ['applySensitivity', 'sensitivity'] as const) {
    const given = place.at(key);
    if (!given.absent) action.sensitivity = readLevel(given) ?? action.sensitivity;
  }
  const holdsNothing =
    action.tags.length + action.tableTags.length + action.terms.length === 0 && action.sensitivity === undefined;
  if (holdsNothing && KEYS.every((key) => place.at(key).absent || place.at(key).list(true).length === 0))
    place.problem('holds nothing to apply; expected applyTags, applyTableTags, applyBusinessTerms or applySensitivity');
  return action;
}

/** A text alone may be one tag or several with commas. */
function tagsOf(place: Place): Place[] {
  if (typeof place.value !== 'string') return place.list(true);
  place.problem('received a text, expected a list of tags, as [{"name": "…"}]');
  return [];
}

/** `{"name": "SSN"}`, `"SSN"`, or of older exports `{"k": "SSN"}`, of which the one called Sensitivity says how sensitive. */
function readTag(place: Place, action: Action, into: 'tags' | 'tableTags'): void {
  if (typeof place.value === 'string') {
    const tag = place.text();
    if (tag !== undefined) action[into].push(tag);
    return;
  }
  if (!place.object(['name', 'k', 'v', '_id', 'id'])) return;
  const older = place.at('k');
  if (older.absent || !place.at('name').absent) {
    const tag = place.at('name').text();
    if (tag !== undefined) action[into].push(tag);
    return;
  }
  const name = older.text();
  const value = place.at('v');
  if (name?.toLowerCase() === 'sensitivity' && !value.absent) {
    const level = readLevel(value);
    if (level === undefined) return;
    action.sensitivity = level;
    place.warn(`an older spelling of applySensitivity: read as ${level}`);
  } else if (name !== undefined) action[into].push(name);
}

/** `{"name": "Social security number", "id": "…"}`, or the name alone. */
function readTerm(place: Place, action: Action): void {
  if (typeof place.value === 'string') {
    const name = place.text();
    if (name !== undefined && isShort(place, name)) action.terms.push({ name });
    return;
  }
  if (!place.object(['name', 'id', '_id', 'glossary', 'category'])) return;
  const name = place.at('name').text();
  const id = place.at('id').absent ? place.at('_id') : place.at('id');
  if (name === undefined || !isShort(place.at('name'), name)) return;
  if (id.value === '') id.warn('is an empty text, which is no id; the term is found or made by its name');
  const known = id.absent || id.value === '' ? undefined : id.text();
  action.terms.push({ name, ...(known === undefined ? {} : { id: known }) });
}

/** Names of terms stand in an index, whose entries have room for 2,700 bytes. */
const LONGEST_TERM_NAME = 500;

function isShort(place: Place, name: string): boolean {
  if (name.length <= LONGEST_TERM_NAME) return true;
  place.problem(
    `has ${name.length} characters, at most ${LONGEST_TERM_NAME} are allowed in the name of a business term`,
  );
  return false;
}

/** LOW, MEDIUM or HIGH in any case; of older exports a number from 0 to 1, cut in thirds. */
function readLevel(place: Place): Level | undefined {
  const { value } = place;
  const text = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (LEVELS.includes(text as Level)) return text as Level;
  const number = typeof value === 'number' ? value : text === '' ? Number.NaN : Number(text);
  if (number >= 0 && number <= 1) return LEVELS[Math.min(Math.floor(number * 3), 2)];
  place.problem(`received ${JSON.stringify(value)}, expected LOW, MEDIUM or HIGH`);
  return undefined;
}
