/** When a graph is made. */

/** Programs of one kind; shapes of batches beyond them run operation by operation. */
export const mostPrograms = 24;

/**
 * Runs from which on a graph saves more than it costs. To record, optimize and compare one takes the time of 30 to 60 steps
 * operation by operation. Decided from the whole training's work, never from what has run so far: a run that was stopped
 * and resumed must take the same steps as graphs, for their last bits differ.
 */
export const leastRuns = 64;
