import type { Json, Wire } from './wire.ts';

export const GOOD = ['COMPLETED', 'COMPLETE', 'SUCCESS', 'SUCCEEDED', 'DONE', 'FINISHED'];
const BAD = ['FAILED', 'FAIL', 'ERROR', 'CANCELLED', 'CANCELED', 'ABORTED'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const HEX = /^[0-9a-f]{24}$/;
/** The names of the bulk endpoint for the paths of v1 and v2. */
const NAMES: Record<string, string> = {
  'test-connection': 'TEST_CONNECTION',
  'metadata/ingest': 'METADATA_INGEST',
  'metadata/re-ingest': 'METADATA_REINGEST',
  'data-profiling': 'DATA_PROFILE',
  'remove-datasource': 'CLEANUP_DATASOURCE',
};

/** Starts a job the way of this version and polls it as such clients do. */
export async function run(wire: Wire, path: string, body: Json, wanted = GOOD): Promise<Json> {
  const { given, is, call } = wire;
  const start = { name: NAMES[path], type: 'START' };
  const started =
    given.version === 'v3'
      ? await call('POST', '/jobs/execute/bulk', [{ ...start, payload: body }])
      : await call('POST', `/jobs/execute/${path}`, body);
  is(`starting ${path}`, started.code, 200);
  if (given.version === 'v3')
    is(`${path}: successes and failures`, [started.body.successes?.length, started.body.failures?.length], [1, 0]);
  const data = started.body.data ?? started.body;
  return poll(wire, path, Array.isArray(data) ? data[0] : data, wanted);
}

/** Several at once, of which one cannot be: such clients go on with the others and report it. */
export async function startSeveral(wire: Wire, source: Json): Promise<void> {
  const { is, check, call } = wire;
  const test = { name: 'TEST_CONNECTION', type: 'START', payload: { resourceId: source._id } };
  const wrong = { name: 'METADATA_INGEST', type: 'START', payload: { resourceId: 'f'.repeat(24) } };
  const mixed = await call('POST', '/jobs/execute/bulk', [wrong, test]);
  is('several jobs, one of them refused', mixed.code, 207);
  is('successes and failures', [mixed.body.successes?.length, mixed.body.failures?.length], [1, 1]);
  const [refused] = mixed.body.failures ?? [];
  is('which one was refused', [refused?.index, refused?.name, refused?.httpStatus], [0, wrong.name, 404]);
  check('why it was refused', typeof refused?.message === 'string' || Array.isArray(refused?.message), refused);
  await poll(wire, 'the one of several', mixed.body.successes?.[0], GOOD);
  const none = await call('POST', '/jobs/execute/bulk', [wrong, wrong]);
  wire.isError('several jobs, all of them refused', none, 404);
  is('all failures', [none.body.successes?.length, none.body.failures?.length], [0, 2]);
}

export async function poll(wire: Wire, what: string, data: Json, wanted: string[]): Promise<Json> {
  const { check, is, call } = wire;
  const id = data?._id ?? data?.jobId ?? data?.id;
  check(`${what}: the answer should carry an id`, HEX.test(id), data);
  for (const key of [
    'userId',
    'resourceIds',
    'scope',
    'date',
    'workerName',
    'activity',
    'createdAt',
    'updatedAt',
    'pId',
    '__v',
  ])
    check(`${what}: data should have ${key}`, data?.[key] !== undefined && data?.[key] !== null, data);
  check(`${what}: userId should be a UUID`, UUID.test(data?.userId), data?.userId);
  for (const word of [data?.status].filter(Boolean))
    check(`${what}: an accepted job is no ended one`, ![...GOOD, ...BAD].includes(String(word).toUpperCase()), word);
  for (;;) {
    const answer = await call('GET', `/jobs/${id}/status`);
    is(`${what}: polling`, answer.code, 200);
    const status = answer.body.data ?? answer.body;
    const word = String(status.status ?? status.state ?? '').toUpperCase();
    if (answer.code === 200 && ![...GOOD, ...BAD].includes(word)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    check(`${what} should end well: ${status.message}`, wanted.includes(word), status);
    for (const key of ['workerId', 'workerName', 'activity', 'createdAt'])
      check(`${what}: ${key} should be text`, typeof status[key] === 'string', status);
    check(`${what}: duration should be a number`, typeof status.duration === 'number', status.duration);
    for (const key of ['name', 'email', 'firstName', 'lastName'])
      check(`${what}: user.${key} should be text`, typeof status.user?.[key] === 'string', status.user);
    check(
      `${what}: scope should have both lists`,
      Array.isArray(status.scope?.dataSources) && Array.isArray(status.scope?.scope),
      status.scope,
    );
    return status;
  }
}
