/** What a solver hands back. A failure to converge is a value here: who asked decides what to do, and reports it. */
export interface Solution {
  readonly x: number[];
  readonly converged: boolean;
  readonly iterations: number;
  /** What is left of the optimality conditions, relative to the size of their terms. */
  readonly residual: number;
}
