export { scan, quotes } from './scan';
export { openBlock, textBits } from './field';
export { writeDictionary, textsAt, textsEnd, texts } from './dictionary';
export { writeColumn, writeOdd, odd, least, most } from './columns';
export { chooseRows, writeNumbers } from './sample';
export { valuesEnd, levelsAt, nulls } from './levels';

/** The first byte that the module does not use itself. */
export const firstByte: usize = __heap_base;
