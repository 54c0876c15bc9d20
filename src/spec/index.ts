/** The language: what other rooms use of it. */
export type * from './resolved.ts';
export { inTextOrder } from './problem.ts';
export type { Fix, Problem, Range, Severity, TextEdit } from './problem.ts';
export { defaultMonitor, isCounted, plateauMonitor, readMonitor, scheduleMonitor } from './reading/monitor.ts';
export { readSpec, readSpecValue } from './reading/read.ts';
export type { SpecReading } from './reading/read.ts';
export type { Member, ObjectNode, SpecNode } from './reading/tree.ts';
export { nearestWord } from './reading/foreign.ts';
export { Guesses } from './reading/guesses.ts';
export { distance, nearestName } from './reading/nearest.ts';
export { layoutEdits } from './editing/layout.ts';
export { applyEdits, wholeLines } from './editing/fixes.ts';
export { parsePointer, pointerOf } from './editing/pointer.ts';
export { maxClasses, maxParameters, maxParts, maxProblemsOfKind } from './reading/limits.ts';
export { domainsOf } from './reading/domains.ts';
export type { DomainDemand } from './reading/domains.ts';
export { canonicalLabel, labelText } from './reading/labels.ts';
export { nameMistake } from './reading/names.ts';
export { notAvailable } from './available.ts';
export { sharingTitle } from './sharings.ts';
export { formatByName, formatNames, isFlat, usualExtensions } from './schema/formats.ts';
export { infimumOf, outputsOf } from './losses.ts';
export { seedOf } from './seeds.ts';
export { chanceOf, guessesOf, higherIsBetter, isBounded } from './metrics.ts';
export { inputTitle, metricTitle, taskTitle } from './titles.ts';
export { isProportional, largestRate, optimizerMemory } from './optimizers.ts';
export {
  againstConflicts,
  defaultStrategy,
  hasNoWeights,
  ignoresWeights,
  innermost,
  needsNonNegativeLosses,
  observable,
  observedReads,
  resolveStrategy,
  strategyNames,
  traitsOf,
  traitsOfName,
  weighsLossesAlone,
  whyNotObserved,
} from './strategies.ts';

export type { TaskFact, Traits } from './schema/strategy-traits.ts';
export { flatText, orderedText, toOrdered } from './reading/values.ts';
export type { Ordered } from './reading/values.ts';
export { applySettings, parseSetting } from './editing/settings.ts';
export type { Setting } from './editing/settings.ts';
export { explain, specFromJson, specToJson } from './telling/explain.ts';
export { differences } from './telling/differences.ts';
export type { Difference } from './telling/differences.ts';
export { lineColumn, nearestAt, nodeAt, pathAt } from './editing/position.ts';
export type { Place } from './editing/position.ts';
export { describe, hoverText } from './telling/describe.ts';
export { completionsAt } from './telling/complete.ts';
export { refersAt } from './telling/candidates.ts';
export { sourceOf } from './reading/source.ts';
export type { Source } from './reading/source.ts';
export type { Completion } from './telling/complete.ts';
export {
  fileReferences,
  nameAt,
  namesDefined,
  references,
  referencesOf,
  renameEdits,
  symbols,
} from './reading/references.ts';
export type { Definition, Named, Outline } from './reading/references.ts';
export {
  addWeight,
  editWeight,
  editWeights,
  normalizeWeights,
  normalized,
  steppedWeight,
  tidyWeight,
} from './editing/weights.ts';
export { parseTree } from './reading/tree.ts';
