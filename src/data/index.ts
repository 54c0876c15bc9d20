/** The data room: what other rooms use of it. */
export { describeData, sourceFiles } from './describe.ts';
export { readHeader, readTable } from './read.ts';
export { formatOf } from './formats/table.ts';
export { resolveInside } from './paths.ts';
export { profileColumns } from './profile.ts';
export type { Header } from './table.ts';
export { numbersOf } from './values.ts';
