/**
 * A weighting strategy of one's own: every task gets the weight that brings its gradient to the same length, measured by
 * a running mean so that single batches do not shake it. Try it:
 *
 *     mtl strategy test balance.mjs --vectors balance.vectors.json
 *     mtl train own-strategy.mtl.json
 */

/** The norm of each task's gradient is enough; 'losses' is cheaper, 'gram' gives all inner products. */
export const needs = 'norms';

/** Running norm of each task, by name: tasks may be absent from a batch. JSON, because checkpoints save it. */
export const initialState = { norms: {} };

/** How much of the old norm is kept. */
const momentum = 0.9;

export function weigh({ tasks, norms, weights: preferences }, state) {
  const running = { ...state.norms };
  tasks.forEach((task, i) => {
    const old = Object.hasOwn(running, task) ? running[task] : norms[i];
    running[task] = momentum * old + (1 - momentum) * norms[i];
  });
  // The spec's weights say how much each task should count; a task without a gradient has nothing to balance.
  const raw = tasks.map((task, i) => (running[task] > 0 ? preferences[i] / running[task] : preferences[i]));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return { weights: raw.map((value) => (value * tasks.length) / total), state: { norms: running } };
}
