export interface SearchCase {
  what: string;
  /** By default /search. */
  path?: string;
  bodies: object[];
  /** Words for the ILIKE beside it. */
  like: string[];
  /** Through a socket; otherwise handed to the server within the process. */
  byHttp?: boolean;
}

const typos: Record<string, string> = {
  depreciation: 'deprecation',
  counterparty: 'conterparty',
  beneficiary: 'beneficary',
};
const spread = ['source1', 'depreciation', 'beneficiary', 'counterparty'];
const terms = (...list: string[]) => list.map((searchTerm) => ({ searchTerm }));
const narrowed = (searchTerm: string, ...list: object[]) => list.map((searchFacets) => ({ searchTerm, searchFacets }));
const NODES = [
  { type: ['TABLE'] },
  { dataSource: ['source4'] },
  { type: ['COLUMN'], dataSource: ['source4', 'source5'] },
];
const SAID = [{ tags: ['tag 7'] }, { trustScore: [76, 100] }, { profiled: ['PROFILED'] }, { sensitivity: ['UNKNOWN'] }];
const FACETS = '/search/facets';
/** What people ask of a catalog of `search-catalog.ts`. @param places that there are, as they would type them */
export const searchCases = (places: readonly string[]): SearchCase[] => [
  {
    what: 'a rare word',
    bodies: terms('counterparty beneficiary', 'source1', 'dim_lab_fax'),
    like: ['counterparty', 'source1'],
  },
  { what: 'a word of many names', bodies: terms(...spread), like: spread },
  { what: 'a word of many names, over HTTP', bodies: terms(...spread), like: spread, byHttp: true },
  { what: 'a very common word (id)', bodies: terms('id'), like: ['id'] },
  { what: 'a prefix', bodies: terms('cust', 'depre', 'benef'), like: ['cust', 'depre'] },
  { what: 'a short prefix (co)', bodies: terms('co'), like: ['co'] },
  { what: 'a short prefix (re, st, in)', bodies: terms('re', 'st', 'in'), like: ['re', 'st', 'in'] },
  { what: 'a typo', bodies: terms(...Object.values(typos), 'cusotmer emial'), like: Object.values(typos) },
  {
    what: 'two words',
    bodies: terms('customer email', 'order status', 'patient id', 'created at'),
    like: ['customer', 'order'],
  },
  { what: 'three and four words', bodies: terms('dim customer order', 'fact order payment total'), like: ['customer'] },
  { what: 'camel case', bodies: terms('custOrdId', 'orderId', 'customerEmail'), like: ['orderid', 'customeremail'] },
  {
    what: 'a path',
    bodies: terms(...places),
    like: places.slice(0, 3),
  },
  { what: 'tags and descriptions', bodies: terms('tag 7', 'reporting', 'tag'), like: ['reporting'] },
  {
    what: 'a word, by type and source',
    bodies: [...narrowed('customer', ...NODES), ...narrowed('id', ...NODES)],
    like: ['customer', 'id'],
  },
  {
    what: 'a word, by what is said of it',
    bodies: [...narrowed('customer', ...SAID), ...narrowed('id', ...SAID)],
    like: ['customer', 'id'],
  },
  { what: 'a short prefix (co), filtered', bodies: narrowed('co', ...NODES, ...SAID), like: ['co'] },
  { what: 'everything', bodies: terms(''), like: [''] },
  { what: 'everything, filtered', bodies: narrowed('', ...NODES, ...SAID), like: [''] },
  { what: 'facets of a word', path: FACETS, bodies: terms('customer', 'depreciation'), like: ['customer'] },
  { what: 'facets of a very common word', path: FACETS, bodies: terms('id'), like: ['id'] },
  { what: 'facets of a short prefix (co)', path: FACETS, bodies: terms('co'), like: ['co'] },
  { what: 'facets of a tag that most have', path: FACETS, bodies: terms('tag'), like: ['tag'] },
  {
    what: 'facets of a word, filtered',
    path: FACETS,
    bodies: narrowed('customer', ...NODES, ...SAID),
    like: ['customer'],
  },
  { what: 'facets of everything', path: FACETS, bodies: terms(''), like: [''] },
  { what: 'facets of everything, filtered', path: FACETS, bodies: narrowed('', ...NODES, ...SAID), like: [''] },
  { what: 'a deep page (row 50,000 of id)', bodies: [{ searchTerm: 'id', page: 1_667 }], like: ['id'] },
  { what: 'a deep page (row 50,000 of co)', bodies: [{ searchTerm: 'co', page: 1_667 }], like: ['co'] },
  { what: 'a deep page (row 50,000 of everything)', bodies: [{ page: 1_667 }], like: [''] },
];
