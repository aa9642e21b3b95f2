import type { Json, Wire } from './wire.ts';

export async function useEdits(wire: Wire, { table }: Json): Promise<void> {
  const { is, isError, call } = wire;
  const path = `/entities/${table?._id}`;
  const patch = async (attributes: Json) => (await call('PATCH', path, { attributes })).code;
  const read = async (): Promise<Json> => (await call('GET', path)).body.data?.attributes ?? {};
  is(
    'a PATCH',
    await patch({
      info: { description: 'first' },
      tags: [{ name: 'a' }, { name: 'b' }],
      extended: { keep: 1, change: 1 },
      features: { isLineageVerified: true, rating: { value: 4, users: { u1: 4 } } },
    }),
    200,
  );
  is(
    'a second PATCH',
    await patch({
      info: { description: 'second' },
      tags: [{ name: 'c' }],
      extended: { change: 2 },
      features: { sensitivity: 'HIGH' },
      businessTerms: [
        { id: 't1', glossaryId: 'g1', name: 'Term', sourceName: 's', sourceType: 'x', confidenceScore: 0.9 },
      ],
    }),
    200,
  );
  const after = await read();
  is('scalars overwrite', after.info, { description: 'second' });
  is('arrays are replaced', after.tags, [{ name: 'c' }]);
  is('keys of objects merge', [after.extended?.keep, after.extended?.change], [1, 2]);
  is(
    'features merge',
    [after.features?.isLineageVerified, after.features?.sensitivity, after.features?.rating?.value],
    [true, 'HIGH', 4],
  );
  is(
    'terms keep where they come from',
    [after.businessTerms?.[0]?.id, after.businessTerms?.[0]?.confidenceScore],
    ['t1', 0.9],
  );
  for (const wrong of [
    { colour: 'red' },
    { info: { title: 'x' } },
    { tags: [{ name: 'x', k: 1 }] },
    { features: { quality: 1 } },
  ])
    isError(`the unknown key in ${JSON.stringify(wrong)}`, await call('PATCH', path, { attributes: wrong }), 400);
  is('a refused PATCH changes nothing', (await read()).tags, [{ name: 'c' }]);
}
