/** What tests look up in a comparison. */
import assert from 'node:assert/strict';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { ArmMeasure, Comparison, ComparisonArm, Delta } from '../../../../src/experiment/comparison/contract.ts';
import { contestOf, type Wishes } from '../../../../src/experiment/comparison/experiment.ts';
import { evidenceOf, tabled, type Values } from './evidence.ts';

export const made = (experiment: unknown, values: Values = tabled, wishes: Wishes = {}): Comparison =>
  compare(contestOf(evidenceOf(experiment, values), wishes));
export const armOf = (comparison: Comparison, id: string): ComparisonArm => {
  const arm = comparison.arms.find((one) => one.id === id);
  assert.ok(arm, id);
  return arm;
};
export const measureOf = (comparison: Comparison, arm: string, task = 'kind'): ArmMeasure => {
  const measure = armOf(comparison, arm).measures.find((one) => one.task === task);
  assert.ok(measure);
  return measure;
};
export const deltaOf = (comparison: Comparison, arm: string, task = 'kind'): Delta => {
  const { delta } = measureOf(comparison, arm, task);
  assert.ok(delta);
  return delta;
};
export const close = (value: unknown, expected: unknown, tolerance = 1e-9): void => {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(value));
    for (const [index, one] of expected.entries()) close(value[index], one, tolerance);
    assert.equal(value.length, expected.length);
    return;
  }
  assert.ok(typeof value === 'number' && typeof expected === 'number');
  assert.ok(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${value} is not ${expected}`);
};
/** The table with some entries changed. */
export const but =
  (changes: Readonly<Record<string, ReturnType<Values>>>): Values =>
  (arm, task, place) =>
    changes[`${arm}/${task}/${place}`] ?? changes[`${arm}//${place}`] ?? tabled(arm, task, place);
