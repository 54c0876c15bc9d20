/** Memory of entry-wise strategies: one vector a task and name, kept for tasks that are absent. */
import type { EntryStatistics, Memory } from '../contract.ts';

/** The vectors kept under `name`; zeros for tasks not seen yet. */
export function remembered<V>({ memory, tasks, rows, space }: EntryStatistics<V>, name: string): V[] {
  return tasks.map((task, i) => {
    const like = rows[i];
    if (like === undefined) throw new RangeError(`No gradient for the task "${task}".`);
    return memory[name]?.[task] ?? space.zeros(like);
  });
}

export function withVectors<V>(
  memory: Memory<V>,
  name: string,
  tasks: readonly string[],
  vectors: readonly V[],
): Memory<V> {
  const kept: Record<string, V> = { ...memory[name] };
  for (const [i, task] of tasks.entries()) {
    const vector = vectors[i];
    if (vector !== undefined) kept[task] = vector;
  }
  return { ...memory, [name]: kept };
}
