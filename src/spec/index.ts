/** The language: what other rooms use of it. */
export type * from './types.ts';
export { text } from './text.ts';
export type { Fix, Language, Problem, Range, Severity, Text, TextEdit } from './text.ts';
export { defaultMonitor } from './monitor.ts';
export { readSpec, readSpecValue } from './read.ts';
export type { SpecReading } from './read.ts';
export type { ArrayNode, Member, ObjectNode, Scalar, ScalarNode, SpecNode } from './tree.ts';
export { distance, nearestName } from './nearest.ts';
export { applyEdits, removalOf, removeFix, renameFix, replaceFix } from './fixes.ts';
export { escapeToken, parsePointer, pointerOf } from './pointer.ts';
export { nameMistake } from './names.ts';
export { notAvailable } from './available.ts';
export { orderedText, toOrdered } from './values.ts';
export type { Ordered } from './values.ts';
export { applySettings, parseSetting } from './settings.ts';
export type { Setting } from './settings.ts';
export { explain, specFromJson, specToJson } from './explain.ts';
