/** What the heads of several task types have in common. */
import { text } from '../../common/text.ts';
import { maxClasses, type TaskSpec } from '../../spec/index.ts';
import type { Selector } from '../columns.ts';
import type { Dim } from '../plan.ts';
import type { HeadContext, WantedNumbers } from './contract.ts';

/** Classes written in the spec or found in the data. */
export function classCount(task: TaskSpec, { name, facts }: Pick<HeadContext, 'name' | 'facts'>): Dim {
  const written = 'classes' in task ? task.classes : undefined;
  if (typeof written === 'number') return written;
  return written?.length ?? facts?.classes?.get(name)?.length ?? facts?.classCounts?.get(name) ?? null;
}

/** Their names, as labels; null where neither the spec nor the data tells them. */
export function classNames(
  task: TaskSpec,
  { name, facts }: Pick<HeadContext, 'name' | 'facts'>,
): readonly string[] | null {
  const written = 'classes' in task ? task.classes : undefined;
  if (typeof written === 'number') return Array.from({ length: Math.min(written, maxClasses) }, (_, at) => String(at));
  return written?.map(String) ?? facts?.classes?.get(name) ?? null;
}

/** A target that is a list of selectors. */
export const listed = ({ target }: { readonly target: readonly Selector[] }): readonly Selector[] => target;

export const oneColumn: WantedNumbers = { count: 1, as: text('one column', '一列') };
