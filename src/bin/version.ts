import { createRequire } from 'node:module';

/** From package.json, which lies two folders up in the source tree and in the packed package alike. */
export const VERSION: string = createRequire(import.meta.url)('../../package.json').version;
