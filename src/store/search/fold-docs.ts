import { sql } from 'kysely';
import { decided } from '../../model/attributes.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { nameLexemes, splitWords, squash, textLexemes } from '../../model/search-words.ts';
import type { Trx } from '../database.ts';
import { addWords } from './add-words.ts';
import type { Place, Step } from './fold-pass.ts';
import { toVectorText } from './tsvector-text.ts';

/** A document is read with up to some 300 kB of description and written with up to 700 kB of words. */
const DOCS_PER_STEP = 250;
/** Bytes of words in a document, by where they come from. */
const ROOM = { labels: 150_000, description: 300_000, name: 100_000 };

interface Said {
  id: string;
  name: string;
  type: string;
  source_id: string;
  attributes: Record<string, unknown> | null;
  said: { kind: string; value: string; name: string | null; origin: string }[];
  profiled: boolean;
}

/** Makes the documents of entities about which something was said or taken back equal to what is known now. */
export async function foldDocs(trx: Trx, after: Place): Promise<Step> {
  const { rows: notes } = await sql<{ id: string; ctid: string }>`
    SELECT entity_id AS id, ctid::text FROM search_dirty WHERE ctid > ${after.ctid}::tid LIMIT ${DOCS_PER_STEP}`.execute(
    trx,
  );
  const ids = [...new Set(notes.map(({ id }) => id))];
  // A deletion that is under way holds its entities: they are left for later, and whoever is sought is never waited for.
  // Held here, no deletion can pass between the look and the document.
  const { rows: held } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE id = ANY(${ids}::uuid[]) FOR KEY SHARE SKIP LOCKED`.execute(trx);
  const { rows: there } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE id = ANY(${ids}::uuid[])`.execute(trx);
  const mine = new Set(held.map((row) => row.id));
  const busy = new Set(there.map((row) => row.id).filter((id) => !mine.has(id)));
  const done = notes.filter(({ id }) => !busy.has(id)).map(({ ctid }) => ctid);
  await sql`DELETE FROM search_dirty WHERE ctid = ANY(${done}::tid[])`.execute(trx);
  await writeDocs(trx, [...mine]);
  const last = { ...after, ctid: notes.at(-1)?.ctid ?? after.ctid };
  return { more: notes.length === DOCS_PER_STEP, last, left: busy.size > 0 };
}

async function writeDocs(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await sql<Said>`
    SELECT e.id, e.name, e.type, e.source_id, a.attributes, p.entity_id IS NOT NULL AS profiled,
      coalesce((SELECT jsonb_agg(jsonb_build_object('kind', x.kind, 'value', x.value, 'name', x.body->>'name', 'origin', x.origin) ORDER BY x.id)
        FROM assertion x WHERE x.entity_id = e.id AND x.removed_at IS NULL), '[]') AS said
    FROM entity e LEFT JOIN entity_attributes a ON a.entity_id = e.id LEFT JOIN profile p ON p.entity_id = e.id AND p.current
    WHERE e.id = ANY(${ids}::uuid[])`.execute(trx);
  const built = rows.map(buildDoc);
  const docs = built.map(({ doc }) => doc).filter((doc) => doc !== null);
  await sql`
    DELETE FROM search_doc WHERE entity_id = ANY(${ids}::uuid[])`.execute(trx);
  if (docs.length === 0) return;
  await sql`
    INSERT INTO search_doc
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(docs)}::jsonb) AS d(entity_id uuid, name text, type text, source_id text, squash text, parts smallint,
      words tsvector, tags text[], terms text[], term_names text[], sensitivity text, trust_score float8, quality_score float8, rating float8,
      profiled boolean, popularity float8)`.execute(trx);
  await addWords(
    trx,
    built.flatMap(({ words }) => words),
  );
}

/** What is searched of an entity beyond its name; null when nothing is known. Popularity: see docs/search.md. */
function buildDoc(row: Said) {
  const attributes = row.attributes ?? {};
  const info = isPlainObject(attributes.info) ? attributes.info : {};
  const features = isPlainObject(attributes.features) ? attributes.features : {};
  const rated = isPlainObject(features.rating) ? features.rating : {};
  const description = typeof info.description === 'string' ? info.description : '';
  const of = (kind: string) => row.said.filter((one) => one.kind === kind);
  const tags = unique(of('tag').map((one) => one.value));
  const named = new Map(of('term').map((one) => [one.value, one.name ?? one.value]));
  const terms = [...named.keys()];
  const termNames = [...named.values()];
  const sensitivity = decided(of('sensitivity')) ?? 'UNKNOWN';
  const trust = numberOr(features.trustScore);
  const quality = numberOr(features.qualityScore);
  const rating = numberOr(rated.value);
  const known = description !== '' || row.said.length > 0 || trust !== null || quality !== null || rating !== null;
  if (!known) return { doc: null, words: [] };
  const popularity =
    (3 * (rating ?? 0)) / 5 +
    Math.min(3, tags.length + terms.length) +
    (description === '' ? 0 : 1) +
    (trust ?? 0) / 100 +
    (row.profiled ? 2 : 0);
  const words = [
    toVectorText(new Set(tags.flatMap(nameLexemes)), 'A', ROOM.labels),
    toVectorText(new Set(termNames.flatMap(nameLexemes)), 'B', ROOM.labels),
    toVectorText(textLexemes(description), 'C', ROOM.description),
    toVectorText(nameLexemes(row.name), 'D', ROOM.name),
  ].join(' ');
  return {
    doc: {
      entity_id: row.id,
      name: row.name,
      type: row.type,
      source_id: row.source_id,
      squash: squash(row.name),
      parts: Math.max(1, splitWords(row.name).length),
      words,
      tags,
      terms,
      term_names: termNames,
      sensitivity,
      trust_score: trust,
      quality_score: quality,
      rating,
      profiled: row.profiled,
      popularity,
    },
    words: [...tags, ...termNames, description].flatMap(splitWords),
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);
