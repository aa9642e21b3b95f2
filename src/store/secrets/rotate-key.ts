import { sql } from 'kysely';
import { AssayError } from '../../errors/assay-error.ts';
import { jobSecretPlace, signingKeyPlace, sourceSecretPlace } from '../../model/secret-places.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Db, Trx } from '../database.ts';
import { adoptNextKey, makeKeyFile, nextKeyFile } from './key-file.ts';
import { FINGERPRINT_META_KEY } from './load-secrets.ts';
import { rotateValues } from './rotate-values.ts';
import { openSecrets, type Secrets } from './secrets.ts';

/** How many texts were encrypted anew, by table. */
export type Rotated = Record<string, number>;

const BATCH = 500;
/** Three missed heartbeats: nobody is there any more. */
const ALIVE_SECONDS = 12;

/**
 * Gives the data folder a new key. The next key lies on the disk before the database changes, and takes its place after: a
 * crash at any moment leaves the key that fits, and the next start finds it (`loadSecrets`).
 */
export async function rotateKeyOfFolder(db: Db, dataDir: string, old: Secrets): Promise<Rotated & { key: Buffer }> {
  const { key: next } = await makeKeyFile(nextKeyFile(dataDir), dataDir);
  const rotated = await rotateKey(db, old, openSecrets(next));
  await adoptNextKey(dataDir);
  return Object.assign(rotated, { key: next });
}

/**
 * Encrypts every stored secret with another key, all of them in one transaction. Servers and workers must be stopped: they
 * hold the old key. At the end the whole database is searched for texts of the old key, so that a place this does not know
 * makes it fail rather than lose a secret.
 *
 * @throws AssayError CONFLICT while servers or workers run, WRONG_KEY when `old` is not the current key
 */
export async function rotateKey(db: Db, old: Secrets, next: Secrets): Promise<Rotated> {
  return db.transaction().execute(async (trx) => {
    await refuseWhileInUse(trx);
    await refuseOtherKey(trx, old);
    const reseal = (text: string, place: string): string => next.encrypt(old.decrypt(text, place), place);
    const rotated: Rotated = {
      data_source: await rotateSources(trx, reseal),
      signing_key: await rotateSigningKeys(trx, reseal),
      job: await rotateJson(trx, 'job', 'input', old, reseal),
      task: await rotateJson(trx, 'task', 'payload', old, reseal),
      profile_values: await rotateValues(trx, old, next),
    };
    await sql`UPDATE meta SET value = ${JSON.stringify({ fingerprint: next.fingerprint })}
      WHERE key = ${FINGERPRINT_META_KEY}`.execute(trx);
    await refuseLeftovers(trx, old);
    return rotated;
  });
}

type Reseal = (text: string, place: string) => string;

async function refuseWhileInUse(trx: Trx): Promise<void> {
  const free = await sql<{ ok: boolean }>`
    SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.serving[0]}::int, ${ADVISORY_LOCKS.serving[1]}::int) AS ok`.execute(
    trx,
  );
  const workers = await sql<{ name: string; host: string }>`
    SELECT name, host FROM worker
    WHERE stopped_at IS NULL AND heartbeat_at > now() - make_interval(secs => ${ALIVE_SECONDS})`.execute(trx);
  const running = workers.rows.map((row) => `worker ${row.name} on ${row.host}`);
  if (!free.rows[0]?.ok) running.unshift('a server');
  if (running.length > 0) {
    throw new AssayError(
      'CONFLICT',
      `The key cannot be changed while ${running.join(', ')} ${running.length === 1 ? 'runs' : 'run'} with the old one. ` +
        'Stop every server and worker, rotate, and start them with the new key.',
    );
  }
  await sql`LOCK TABLE data_source, signing_key, job, task, profile, profile_values IN SHARE ROW EXCLUSIVE MODE`.execute(
    trx,
  );
}

async function refuseOtherKey(trx: Trx, old: Secrets): Promise<void> {
  const row = await trx
    .selectFrom('meta')
    .select('value')
    .where('key', '=', FINGERPRINT_META_KEY)
    .forUpdate()
    .executeTakeFirst();
  const stored = (row?.value as { fingerprint: string } | undefined)?.fingerprint;
  if (stored !== old.fingerprint) {
    throw new AssayError(
      'WRONG_KEY',
      `The database was started with secret key ${stored ?? '(none)'}; the one given as the old key is ${old.fingerprint}.`,
    );
  }
}

async function rotateSources(trx: Trx, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const row of await trx.selectFrom('data_source').select(['id', 'secrets']).execute()) {
    const entries = Object.entries(row.secrets).map(([field, text]) => [
      field,
      reseal(text, sourceSecretPlace(row.id, field)),
    ]);
    if (entries.length === 0) continue;
    const secrets = JSON.stringify(Object.fromEntries(entries));
    await trx.updateTable('data_source').set({ secrets }).where('id', '=', row.id).execute();
    count += entries.length;
  }
  return count;
}

async function rotateSigningKeys(trx: Trx, reseal: Reseal): Promise<number> {
  const rows = await trx.selectFrom('signing_key').select(['kid', 'private_ciphertext']).execute();
  for (const row of rows) {
    const text = reseal(row.private_ciphertext, signingKeyPlace(row.kid));
    await trx.updateTable('signing_key').set({ private_ciphertext: text }).where('kid', '=', row.kid).execute();
  }
  return rows.length;
}

/** Ciphertexts anywhere in a JSON column; each belongs to the field it is found under. */
async function rotateJson(
  trx: Trx,
  table: 'job' | 'task',
  column: 'input' | 'payload',
  old: Secrets,
  reseal: Reseal,
): Promise<number> {
  const mark = `a1.${old.fingerprint}.`;
  const reference = { table: sql.table(table), column: sql.ref(column) };
  let count = 0;
  for (;;) {
    const { rows } = await sql<{ id: string | number; value: unknown }>`
      SELECT id, ${reference.column} AS value FROM ${reference.table}
      WHERE ${reference.column}::text LIKE ${`%"${mark}%`} LIMIT ${BATCH}`.execute(trx);
    for (const row of rows) {
      const value = mapTexts(row.value, '', (text, field) => {
        if (!text.startsWith(mark)) return text;
        count++;
        return reseal(text, jobSecretPlace(field));
      });
      await sql`UPDATE ${reference.table} SET ${reference.column} = ${JSON.stringify(value)} WHERE id = ${row.id}`.execute(
        trx,
      );
    }
    if (rows.length < BATCH) return count;
  }
}

function mapTexts(value: unknown, field: string, map: (text: string, field: string) => string): unknown {
  if (typeof value === 'string') return map(value, field);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, field, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, key, map)]));
}

async function refuseLeftovers(trx: Trx, old: Secrets): Promise<void> {
  const columns = await sql<{ table_name: string; column_name: string }>`
    SELECT c.table_name, c.column_name
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb', 'ARRAY')
  `.execute(trx);
  for (const { table_name, column_name } of columns.rows) {
    const found = await sql<{ found: boolean }>`SELECT EXISTS (
      SELECT FROM ${sql.table(table_name)} WHERE ${sql.ref(column_name)}::text LIKE ${`%a1.${old.fingerprint}.%`}
    ) AS found`.execute(trx);
    if (found.rows[0]?.found) {
      throw new AssayError(
        'INTERNAL',
        `${table_name}.${column_name} still holds a text of the old key. Nothing was changed; the key is as it was.`,
      );
    }
  }
}
