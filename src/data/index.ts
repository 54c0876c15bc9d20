/** The data room: what other rooms use of it. */
export { DataError } from './error.ts';
export type { DataErrorCode } from './error.ts';
export { describeData, sourceFiles } from './describe.ts';
export type { Description, Place } from './describe.ts';
export { readHeader, readTable } from './read.ts';
export type { ReadOptions } from './options.ts';
export { findRoot, resolveInside } from './paths.ts';
export type { PathPolicy, SourceFile } from './paths.ts';
export { profileColumns } from './profile.ts';
export type { ColumnProfile, TableProfile } from './profile.ts';
export type { Column, CsvReport, Header, Table } from './table.ts';
export { canonicalLabel, defaultMissingTokens, labelsOf, numbersOf, parseNumber, sortLabels } from './values.ts';
