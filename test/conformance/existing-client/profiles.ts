import { pages } from './entities.ts';
import { run } from './jobs.ts';
import type { Json, Wire } from './wire.ts';

export async function useProfiles(wire: Wire, { table, columns }: Json): Promise<void> {
  const { check, is, call } = wire;
  const configs = {
    dataProfiledSinceDays: 0,
    buildSamples: false,
    sampleType: '',
    sampleMethod: '',
    sampleValue: 0,
    jdbcRowLimitSize: 0,
    nthValue: 0,
    whereClause: '',
    splitJobByColumns: true,
    columnsPerJob: 25,
    numberOfTablesPerJob: 10,
    persistThreads: 16,
    persistFilesThreads: 16,
    profileThreads: 1,
  };
  await run(wire, 'data-profiling', { scope: [table?._id], configs });
  const filters = { parentIds: [table?._id], types: ['COLUMN'] };
  const infos = await pages(wire, filters, 500, '/entities/filter/profiling-info', '&sampleLimit=20');
  is('columns with profiling info', infos.length, columns.length);
  for (const item of infos) {
    const { stats, bindType, bitsetCardinality } = item.profilingInfo ?? {};
    check(
      `${item.name}: bindType and bitsetCardinality`,
      typeof bindType === 'string' && Number.isInteger(bitsetCardinality),
      item.profilingInfo,
    );
    for (const key of ['rowCount', 'nonNullCount', 'density', 'uniqueness'])
      check(`${item.name}: stats.${key} should be a number`, typeof stats?.[key] === 'number', stats);
    check(
      `${item.name}: percents lie between 0 and 100`,
      stats?.density >= 0 && stats?.density <= 100 && stats?.uniqueness <= 100,
      stats,
    );
    check(
      `${item.name}: lists of samples and patterns`,
      Array.isArray(item.profilingInfo?.sampleValues) && Array.isArray(item.profilingInfo?.patternAnalysis?.patterns),
      item.profilingInfo,
    );
  }
  const { data } = (await call('GET', `/entities/${columns[0]?._id}`)).body;
  check('system.profiledAt should be set', !Number.isNaN(Date.parse(data?.system?.profiledAt)), data?.system);
  for (const key of ['rows', 'nulls', 'cardinality', 'density', 'uniqueness'])
    check(
      `metadata.stats.${key} should be a number`,
      typeof data?.metadata?.stats?.[key] === 'number',
      data?.metadata?.stats,
    );
}
