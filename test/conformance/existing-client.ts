import { useAuthentication } from './existing-client/authentication.ts';
import { useDataSources } from './existing-client/data-sources.ts';
import { useEdits } from './existing-client/edits.ts';
import { pages, useEntities } from './existing-client/entities.ts';
import { GOOD, poll, run, startSeveral } from './existing-client/jobs.ts';
import { useProfiles } from './existing-client/profiles.ts';
import { useSearches } from './existing-client/searches.ts';
import { type Existing, type Found, openWire } from './existing-client/wire.ts';

/**
 * A client as people wrote them for the Pentaho Data Catalog, with the habits of theirs that are publicly known. It knows
 * paths and wire shapes and nothing of the server behind them: plain fetch, and no imports but the chapters of its day. What
 * is not as such clients need it becomes a line in `problems`.
 *
 *   node test/conformance/existing-client.ts <base url> <user> <password> '<data source as JSON>' [v1|v2|v3]
 */
export async function runExistingClient(given: Existing): Promise<Found> {
  const wire = openWire(given);
  const { is, isError, call } = wire;
  await useAuthentication(wire);
  const source = await useDataSources(wire);
  await run(wire, 'test-connection', {
    ...given.source,
    resourceId: source._id,
    resourceName: source.resourceName,
    jobClasspath: null,
  });
  await run(wire, 'metadata/ingest', {
    ...given.source,
    resourceName: source.resourceName,
    resourceId: source._id,
    schemaNames: [],
    includePatterns: [],
    excludePatterns: [],
    description: null,
    jobClasspath: null,
  });
  const tree = await useEntities(wire, source);
  await useProfiles(wire, tree);
  await useSearches(wire, source, tree);
  await useEdits(wire, tree);
  await run(wire, 'metadata/re-ingest', { scope: [tree.root?._id] });
  if (given.version === 'v3') await startSeveral(wire, source);
  const twin = await call('POST', '/api/start-job', {
    name: 'METADATA_REINGEST',
    type: 'START',
    data: { scope: [tree.root?._id] },
  });
  await poll(wire, 'start-job', twin.body.data ?? twin.body, GOOD);
  isError('a job of an unknown id', await call('GET', `/jobs/${'0'.repeat(24)}/status`), 404);
  isError('a job of no id', await call('GET', '/jobs/xyz/status'), 400);
  await run(wire, 'remove-datasource', { id: source._id, fqdnId: source.fqdnId });
  is('entities of a removed source', (await pages(wire, { resourceIds: [source._id] }, 500)).length, 0);
  return wire.found;
}

if (import.meta.main) {
  const [base, username, password, source = '{}', version = 'v1'] = process.argv.slice(2);
  if (!base || !username || !password) throw new Error('give base url, user, password and a data source as JSON');
  const existing = { base, username, password, source: JSON.parse(source), version: version as 'v1' };
  const { problems, checks, reauthentications } = await runExistingClient(existing);
  for (const problem of problems) console.error(problem);
  console.log(`${checks} checks, ${problems.length} problems, signed in again ${reauthentications} times`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
