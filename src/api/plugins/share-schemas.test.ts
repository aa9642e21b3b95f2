import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareSchemas } from './share-schemas.ts';

/** Puts the shared schemas back where they are referred to. */
function inline(node: unknown, schemas: Record<string, object>): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, schemas));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...rest } = node as Record<string, unknown>;
  if (typeof $ref !== 'string')
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inline(value, schemas)]));
  const title = $ref.split('/').at(-1)!;
  return { title, ...(inline({ ...schemas[title], ...rest }, schemas) as object) };
}

const leaf = fc.constantFrom({ type: 'string' }, { type: 'integer', description: 'n' }, { enum: ['a', 'b'] });
const titles = [
  { title: 'Pair', type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
  { title: 'Word', type: 'string' },
];
const schema = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({ type: fc.constant('array'), items: tie('node') }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom('x', 'title', 'properties'), tie('node')),
    }),
    fc.constantFrom(...titles).chain((one) => fc.string().map((description) => ({ ...one, description }))),
  ),
})).node;

test('puts nothing in and takes nothing away', () => {
  fc.assert(
    fc.property(fc.array(schema), (places) => {
      const { components, ...rest } = shareSchemas({ paths: { places } }) as unknown as {
        components: { schemas: Record<string, object> };
      };
      expect(inline(rest, components.schemas)).toEqual({ paths: { places } });
      for (const title of Object.keys(components.schemas)) expect(['Pair', 'Word']).toContain(title);
    }),
  );
});

test('nested titles are shared too, and a title stands for one schema only', () => {
  const inner = { title: 'Word', type: 'string' };
  const outer = { title: 'Words', type: 'array', items: inner };
  expect(shareSchemas({ a: outer, b: inner })).toEqual({
    a: { $ref: '#/components/schemas/Words' },
    b: { $ref: '#/components/schemas/Word' },
    components: {
      schemas: { Word: { type: 'string' }, Words: { type: 'array', items: { $ref: '#/components/schemas/Word' } } },
    },
  });
  expect(() => shareSchemas({ a: inner, b: { ...inner, maxLength: 3 } })).toThrow('Word');
});
