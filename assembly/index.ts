export { scan, quotes } from './scan';
export { openBlock } from './field';
export { writeColumn, writeOdd, valuesAt, valuesEnd, levelsAt, nulls, odd, least, most } from './columns';
