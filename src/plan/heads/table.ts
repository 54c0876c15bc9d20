/** The heads of the task types: one file and one row each. */
import type { TaskOf, TaskSpec, TaskType } from '../../spec/index.ts';
import type { Selector } from '../columns.ts';
import { box } from './box.ts';
import { classification } from './classification.ts';
import type { HeadRule } from './contract.ts';
import { detection } from './detection.ts';
import { multilabel } from './multilabel.ts';
import { ordinal } from './ordinal.ts';
import { regression } from './regression.ts';
import { segmentation } from './segmentation.ts';
import { similarity } from './similarity.ts';
import { survival } from './survival.ts';
import { tagging } from './tagging.ts';
import { translation } from './translation.ts';

const table = {
  classification,
  multilabel,
  regression,
  ordinal,
  box,
  detection,
  segmentation,
  translation,
  tagging,
  survival,
  similarity,
} satisfies { readonly [Type in TaskType]: HeadRule<TaskOf<Type>> };

/** By the word of the spec. */
export const headRules: { readonly [Type in TaskType]: HeadRule } = table;

/** Columns of a target as written. */
export function targetSelectors(task: TaskSpec): readonly Selector[] {
  const target = headRules[task.type].target(task);
  return isList(target) ? target : Object.values(target);
}

/** Columns that are written under keys of their own, key by key; undefined for a list of selectors. */
export function namedTargets(task: TaskSpec): ReadonlyMap<string, string> | undefined {
  const target = headRules[task.type].target(task);
  return isList(target) ? undefined : new Map(Object.entries(target));
}

function isList(target: ReturnType<HeadRule['target']>): target is readonly Selector[] {
  return Array.isArray(target);
}
