/** How large things may be before they are taken for a slip. */

/** Classes of a task: a confusion matrix has the square of it. */
export const maxClasses = 4096;
/** Parameters of a network: with gradients and two optimizer slots that is 16 bytes each, 8 GB in all. */
export const maxParameters = 500_000_000;

/** Experts of one kind in a block; the largest networks of the literature have some hundreds. */
export const maxExperts = 1024;
/** Blocks of a network. */
export const maxBlocks = 1000;
/** Tasks of a spec: every one has a head, a curve and a lens. */
export const maxTasks = 1000;
/** Layers in one list. */
export const maxLayers = 1000;
/** Stages of a block. */
export const maxStages = 100;
/**
 * Layers and connections that the mechanisms of sharing make of a network together, e.g. experts × layers and gates × experts.
 * Each is looked at on every keystroke, and is an operation of every step.
 */
export const maxParts = 100_000;
/** Names that are compared with others to find what was probably meant; then hints stop. */
export const maxComparisons = 20_000;
/** Problems of one kind; what comes after is counted. */
export const maxProblemsOfKind = 100;
