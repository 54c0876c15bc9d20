/** What becomes of one combination: refused before launch as `mtl train` would refuse it, or trained for three steps. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkSpec } from '../../../src/cli/spec-file.ts';
import type { Problem } from '../../../src/spec/index.ts';
import { chooseExecutor } from '../../../src/trainer/step/executors/table.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { eagerExecutor } from '../../../src/trainer/step/executors/eager/executor.ts';
import type { StepExecutor } from '../../../src/trainer/step/contract.ts';
import type { ExecutorFactory } from '../../../src/trainer/step/executors/contract.ts';
import { parameters, recordsOf, trainThrough, trial } from '../trainer/training-helpers.ts';
import { filesOf, nameOf, specOf, type Case } from './cases.ts';

const folders = new Map<string, string>();

/** Where the data of a labeling lie; written once a process. */
function folderOf(of: Pick<Case, 'labels'>): string {
  const known = folders.get(of.labels);
  if (known !== undefined) return known;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-matrix-'));
  process.once('exit', () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(filesOf(of))) fs.writeFileSync(path.join(folder, name), text);
  folders.set(of.labels, folder);
  return folder;
}

/** The errors that keep a combination from being launched; none: it must train. */
export async function refusalOf(of: Case): Promise<readonly Problem[]> {
  const root = folderOf(of);
  const file = path.join(root, 'spec.mtl.json');
  const text = JSON.stringify(specOf(of));
  const { problems } = await checkSpec({ file, name: 'spec.mtl.json', text }, { root, allowOutside: false }, 'whole');
  return problems.filter(({ severity }) => severity === 'error');
}

/** A refusal says why in both languages, at a place of the spec. */
export function assertReason(of: Case, problems: readonly Problem[]): void {
  for (const { message, pointer, code } of problems) {
    assert.ok(message.en.length > 20 && message.zh.length > 5, `${nameOf(of)}: ${code} says too little: ${message.en}`);
    assert.ok(pointer.startsWith('/'), `${nameOf(of)}: ${code} has no place`);
  }
}

/**
 * Three steps, their epochs' ends included. The engine is open.
 *
 * @throws AssertionError where a loss, a weight or a parameter is no finite number, or nothing has moved
 */
export async function trainThreeSteps(of: Case, engine: Engine): Promise<void> {
  const executors: StepExecutor[] = [];
  const captured =
    of.engine === 'captured' ? await chooseExecutor(engine, { onRefusal: () => undefined, always: true }) : null;
  const factory: ExecutorFactory = (context, update) => {
    const executor = (captured?.factory ?? eagerExecutor)(context, update);
    executors.push(executor);
    return executor;
  };
  const { prepared, training, records, dispose } = await trial(specOf(of), filesOf(of), factory);
  try {
    const before = parameters(prepared);
    captured?.rehearse(() => {
      training.tryStep();
    });
    trainThrough(training);
    assert.equal(training.progress.step, 3, 'three steps');
    training.flush();
    const steps = recordsOf(records, 'step');
    for (const { losses, weights, total, objective, penalty } of steps) {
      const known = [...losses.values()].filter((loss) => loss !== null);
      assert.ok(known.length > 0, 'no task has a loss');
      if (of.labels === 'full') assert.equal(known.length, losses.size, 'a task with all labels has no loss');
      for (const number of [...known, ...(weights?.values() ?? []), total, objective, penalty])
        assert.ok(number === null || Number.isFinite(Number(number)), `a number of a record is ${String(number)}`);
      assert.ok(Number(total) !== 0, 'the total is 0');
    }
    assert.ok(steps.length > 0, 'no step was recorded');
    for (const executor of executors) executor.pull();
    let moved = 0;
    for (const [name, values] of parameters(prepared)) {
      assert.ok(values.every(Number.isFinite), `${name} is not finite`);
      if (values.some((value, index) => value !== before.get(name)?.[index])) moved++;
    }
    assert.ok(moved > 0, 'no parameter has moved');
  } finally {
    for (const executor of executors) executor.dispose();
    dispose();
  }
}

/** @throws Error that names the combination */
export async function attempt(of: Case, engine: Engine): Promise<'ran' | 'refused'> {
  try {
    const problems = await refusalOf(of);
    assertReason(of, problems);
    if (problems.length > 0) return 'refused';
    await trainThreeSteps(of, engine);
    return 'ran';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${nameOf(of)}: ${message}`, { cause: error });
  }
}
