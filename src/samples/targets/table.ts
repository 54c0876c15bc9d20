/** The target types: one file and one row each. */
import type { AvailableTask, TaskSpec } from '../../spec/resolved.ts';
import { text } from '../../common/text.ts';
import { notAvailable, taskName } from '../not-available.ts';
import { boxTarget } from './box.ts';
import { classificationTarget } from './classification.ts';
import type { TargetRow } from './contract.ts';
import { regressionTarget } from './regression.ts';

const table = {
  classification: classificationTarget,
  regression: regressionTarget,
  box: boxTarget,
} satisfies { readonly [Type in AvailableTask]: TargetRow<Type> };

type Rows = typeof table;
export type TargetSettings = ReturnType<Rows[AvailableTask]['settings']>;
export type FittedTarget = ReturnType<Rows[AvailableTask]['fit']>;

/** By the word of the spec. */
export const targetTypes: {
  readonly [Type in AvailableTask]: TargetRow<AvailableTask, TargetSettings, FittedTarget>;
} = table;

/** The row of a target, before it is fitted or after. */
export function targetRow({ type }: TargetSettings | FittedTarget): (typeof targetTypes)[AvailableTask] {
  return targetTypes[type];
}

/** @throws DataError `not-available` */
export function targetSettings(name: string, task: TaskSpec, columns: readonly string[]): TargetSettings {
  return rowFor(name, task).settings(name, task as TaskSpec & { readonly type: AvailableTask }, columns);
}

/** @throws DataError `not-available` */
export function rowFor(name: string, { type }: TaskSpec): (typeof targetTypes)[AvailableTask] {
  if (!Object.hasOwn(targetTypes, type))
    throw notAvailable(taskName(name), text(`the type “${type}”`, `类型“${type}”`));
  return targetTypes[type as AvailableTask];
}

/** Columns that a fitted target reads. */
export function targetColumns(fitted: FittedTarget): readonly string[] {
  return targetRow(fitted).columns(fitted);
}

/** Class names, of a target whose labels are classes. */
export function classesOf(fitted: FittedTarget): readonly string[] | undefined {
  return targetRow(fitted).classes?.(fitted);
}
