/** What kinds are called where a person reads of them, in both languages. A name of another version stays as it is. */
import { text, type Text } from '../common/text.ts';
import { extraOf, type Members } from './schema/build.ts';
import { inputs } from './schema/inputs.ts';
import { metrics } from './schema/metrics.ts';
import { tasks } from './schema/tasks.ts';

const titleIn = (table: Members, name: string): Text | undefined => {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  return entry === undefined ? undefined : extraOf(entry).title;
};

const metricTables: readonly Members[] = Object.values(metrics);

/** A metric's name; it means the same in every type of task. */
export function metricTitle(metric: string): Text {
  for (const table of metricTables) {
    const title = titleIn(table, metric);
    if (title !== undefined) return title;
  }
  return text(metric, metric);
}

/** The name of a type of input. */
export function inputTitle(type: string): Text {
  return titleIn(inputs, type) ?? text(type, type);
}

/** The name of a type of task. */
export function taskTitle(type: string): Text {
  return titleIn(tasks, type) ?? text(type, type);
}
