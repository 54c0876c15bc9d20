/** What other rooms use of the plan. */
export { type Selection, type Selector, matchesPattern, selectColumns } from './columns.ts';
export { diagramOf } from './diagram.ts';
export { classCount } from './heads/common.ts';
export { summaryOf } from './layers/table.ts';
export { formatShape } from './layers/sizes.ts';
export { makePlan } from './make.ts';
export { engineOn, estimateMemory, heapLimit, judgeMemory } from './memory.ts';
export type { Machine, MemoryEstimate } from './memory.ts';
export { lastIsKept, noRows, whyWithoutValue } from './monitors.ts';
export { nodeAtPointer, pointerOfNode, pointerTo } from './pointers.ts';
export { memoryProblem } from './problems/memory.ts';
export { monitorsOf } from './problems/training.ts';
export { type PlanSummary, planSummary, sharesOf } from './summary.ts';
export type * from './types.ts';
export type { PlanLocale } from './words.ts';
