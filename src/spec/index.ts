/** The language: what other rooms use of it. */
export type * from './types.ts';
export { text } from './text.ts';
export type { Fix, Language, Problem, Range, Severity, Text, TextEdit } from './text.ts';
export { defaultMonitor, isCounted, plateauMonitor, readMonitor, type Monitored } from './monitor.ts';
export { hasNoWeights, ignoresWeights, infimumOf, needsNonNegativeLosses } from './strategy-rules.ts';
export { readSpec, readSpecValue } from './read.ts';
export type { SpecReading } from './read.ts';
export type { ArrayNode, Member, ObjectNode, Scalar, ScalarNode, SpecNode } from './tree.ts';
export { nearestWord } from './foreign.ts';
export { Guesses } from './guesses.ts';
export { distance, nearestName } from './nearest.ts';
export { applyEdits, removalOf, removeFix, renameFix, replaceFix } from './fixes.ts';
export { escapeToken, parsePointer, pointerOf } from './pointer.ts';
export { maxClasses, maxParameters, maxParts, maxProblemsOfKind } from './limits.ts';
export { domainsOf } from './domains.ts';
export type { DomainDemand } from './domains.ts';
export type { Domain } from './schema/build.ts';
export { canonicalLabel, labelText } from './labels.ts';
export { nameMistake } from './names.ts';
export { parseSize, sizeText } from './size.ts';
export { notAvailable } from './available.ts';
export { observable, observedReads, whyNotObserved } from './observable.ts';
export type { ObservedReads } from './observable.ts';
export { orderedText, toOrdered } from './values.ts';
export type { Ordered } from './values.ts';
export { applySettings, parseSetting } from './settings.ts';
export type { Setting } from './settings.ts';
export { explain, specFromJson, specToJson } from './explain.ts';
export { lineColumn, nearestAt, nodeAt, pathAt } from './position.ts';
export type { LineColumn, Lines, Place } from './position.ts';
export { describe, descriptionOf, hoverText } from './describe.ts';
export type { Description } from './describe.ts';
export { completionsAt } from './complete.ts';
export type { Completion, Known } from './complete.ts';
export { nameAt, namesDefined, references, renameEdits, symbols } from './references.ts';
export type { Definition, NameKind, Outline, Use } from './references.ts';
export {
  addWeight,
  editWeight,
  editWeights,
  normalizeWeights,
  normalized,
  steppedWeight,
  tidyWeight,
} from './weights.ts';
export { parseTree } from './tree.ts';
export type { Token } from './pointer.ts';
