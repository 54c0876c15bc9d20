import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workbench } from './workbench.ts';

/** A test that goes on where the one before it has left the window: after a failure the rest is not reached, and says so. */
export type Step = (name: string, steps: () => Promise<void>, options?: { readonly skip: string | false }) => void;

/** @param workbench which is opened before the first step, and not yet when the steps are named */
export function stepsOf(workbench: () => Workbench): Step {
  let broken: string | undefined;
  return (name, steps, options = { skip: false }) => {
    test(name, options, async () => {
      assert.equal(broken, undefined, `not reached: "${broken ?? ''}" has failed`);
      broken = name;
      await workbench().witnessed(name.replaceAll(/\W+/g, '-'), steps);
      broken = undefined;
    });
  };
}
