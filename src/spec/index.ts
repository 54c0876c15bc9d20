/** The language: what other rooms use of it. */
export type * from './types.ts';
export { text } from './text.ts';
export type { Fix, Language, Problem, Range, Severity, Text, TextEdit } from './text.ts';
export { defaultMonitor } from './monitor.ts';
