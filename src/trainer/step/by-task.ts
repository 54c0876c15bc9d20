/** One value per task, in task order: the one convention of all that is not a strategy's own list over the tasks present. */

/** Null where the task has none: it is absent from the batch, or the step. */
export type ByTask<T> = readonly (T | null)[];

/**
 * The value of a task that has one.
 *
 * @throws RangeError where there is none: it was not meant to be missing, and no number may stand in for it
 */
export function of<T>(values: ByTask<T>, task: number): T {
  const value = values[task];
  if (value === undefined || value === null) throw new RangeError(`Task ${String(task)} has no value.`);
  return value;
}

/** Values of some tasks among all of them. */
export function byTask<T>(count: number, entries: Iterable<readonly [task: number, value: T]>): ByTask<T> {
  const values = new Array<T | null>(count).fill(null);
  for (const [task, value] of entries) {
    if (!Number.isInteger(task) || task < 0 || task >= count)
      throw new RangeError(`Task ${String(task)} of ${String(count)}`);
    values[task] = value;
  }
  return values;
}

/**
 * Values in the order of some tasks, among all of them.
 *
 * @param tasks their indices
 * @param values one for each of them
 * @throws RangeError where there is not one value a task
 */
export function amongAll<T>(count: number, tasks: readonly number[], values: readonly T[]): ByTask<T> {
  if (values.length !== tasks.length)
    throw new RangeError(`${String(values.length)} values of ${String(tasks.length)} tasks`);
  return byTask(
    count,
    tasks.map((task, place) => [task, element(values, place)] as const),
  );
}

/** The element at a place of a list; one outside is a programming error. */
export function element<T>(list: readonly T[], place: number): T {
  const value = list[place];
  if (value === undefined) throw new RangeError(`Element ${String(place)} of ${String(list.length)}`);
  return value;
}
