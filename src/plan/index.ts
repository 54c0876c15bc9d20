/** What other rooms use of the plan. */
export { dataSizesCheck, lacksSizes, sizesKey, sizesOf, withSizes, type DataSizes } from './data-sizes.ts';
export { differenceOf, type Compared } from './diagram-difference.ts';
export { diagramOf, type DiagramOptions, type SizesOrigin } from './diagram.ts';
export { formatShape } from './layers/sizes.ts';
export { makePlan } from './make.ts';
export { engineOn, estimateMemory, heapLimit, judgeMemory } from './memory.ts';
export type { Machine } from './memory.ts';
export { lastIsKept, noRows, whyWithoutValue } from './monitors.ts';
export { nodeAtPointer, pointerOfNode } from './pointers.ts';
export { memoryProblem } from './problems/memory.ts';
export { planSummary, sharesOf } from './summary.ts';
export type * from './plan.ts';
