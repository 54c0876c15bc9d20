/** The same training twice, operation by operation and captured: the trainer's real path from a spec to parameters. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Text } from '../../../../../../src/common/text.ts';
import type { EventInput } from '../../../../../../src/runs/events.ts';
import { readSpec } from '../../../../../../src/spec/index.ts';
import { chooseExecutor } from '../../../../../../src/trainer/step/executors/table.ts';
import type { Engine } from '../../../../../../src/engine/contract.ts';
import { prepare, type Prepared } from '../../../../../../src/trainer/prepare/prepare.ts';
import { Training } from '../../../../../../src/trainer/training/training.ts';
import { Warnings } from '../../../../../../src/trainer/training/warnings.ts';
import { recordNumbers } from '../../../record-numbers.ts';

export interface Half {
  readonly prepared: Prepared;
  readonly training: Training;
  readonly records: readonly EventInput[];
  /** Whether steps run as graphs, and why some or all do not. */
  readonly graph: boolean;
  readonly detail: string;
  readonly refusals: readonly string[];
  dispose(): void;
}

/**
 * @param adjust changes what was prepared before the training is made of it
 * @param always graphs however short the training is
 */
export async function half(
  engine: Engine,
  spec: object,
  files: Readonly<Record<string, string | Uint8Array>>,
  captured: boolean,
  adjust: (prepared: Prepared) => Prepared = (prepared) => prepared,
  always = true,
): Promise<Half> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-pair-'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
  const prepared = adjust(await preparedFrom(spec, directory));
  const records: EventInput[] = [];
  const append = (record: EventInput): void => void records.push(record);
  const refusals: string[] = [];
  const onRefusal = ({ en }: Text): void => void refusals.push(en);
  const chosen = captured ? await chooseExecutor(engine, { onRefusal, always }) : null;
  const executor = chosen ? { executor: chosen.factory } : {};
  const training = new Training({ prepared, append, warnings: new Warnings(append), ...executor });
  const told = chosen?.rehearse(() => training.tryStep());
  return {
    ...{ prepared, training, records, refusals },
    graph: told?.graph ?? false,
    detail: told?.detail.en ?? '',
    dispose: () => {
      training.dispose();
      prepared.model.dispose();
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function preparedFrom(spec: object, directory: string): Promise<Prepared> {
  const read = readSpec(JSON.stringify(spec));
  const errors = read.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en);
  assert.deepEqual(errors, []);
  assert.ok(read.spec);
  const place = { specFile: path.join(directory, 'spec.mtl.json'), root: directory, allowOutside: false };
  return prepare({ spec: read.spec, hash: 'hash', place, name: 'pair' }, () => undefined);
}

/** Takes steps, epochs' ends included. */
export function takeSteps({ training }: Half, count: number): void {
  let left = count;
  while (left > 0 && !training.isDone()) {
    for (const positions of training.steps()) {
      training.step(positions);
      // A record each step, however fast the machine is.
      training.flush();
      if (--left === 0 || training.isDone()) break;
    }
    if (left > 0 || training.isDone()) training.endEpoch();
  }
  training.pull();
}

/** Values of all variables, and of all optimizer slots, by name. */
export function valuesOf({ prepared, training }: Half): Map<string, Float32Array> {
  const slots = training.optimizer.slots();
  return new Map([
    ...prepared.model.kept.map(({ path: name, variable }) => [name, variable.dataSync().slice()] as const),
    ...slots.map(({ path: name, name: slot, tensor }) => [`${name}:${slot}`, tensor.dataSync().slice()] as const),
  ] as [string, Float32Array][]);
}

/** Largest |a − b| / max(1, |b|) over all values. */
export function distance(
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
  slack: (name: string) => number = () => 0,
): number {
  assert.deepEqual([...a.keys()], [...b.keys()]);
  assert.ok(a.size > 0, 'there is something to compare');
  let largest = 0;
  for (const [name, values] of a) {
    const others = b.get(name) ?? new Float32Array(0);
    values.forEach((value, place) => {
      const other = others[place] ?? NaN;
      const difference = Math.max(0, Math.abs(value - other) / Math.max(1, Math.abs(other)) - slack(name));
      // A number that is none must not pass for a small one.
      largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    });
  }
  return largest;
}

export interface Compared {
  /** Of parameters and optimizer slots. */
  readonly distance: number;
  /** Of the numbers of all records. */
  readonly records: number;
  readonly graph: boolean;
  readonly detail: string;
  readonly refusals: readonly string[];
}

/**
 * Metrics of decisions and ranks: a row whose likeliest classes are equal but for rounding is right in one half and wrong in
 * the other, two rows alike change places. By one row they may differ.
 */
function oneRow({ prepared }: Half): (name: string) => number {
  const rows = Object.values(prepared.data.splits).map(({ n }) => n);
  const share = 1.001 / Math.min(...rows.filter((n) => n > 0));
  return (name) => (/\/(?:accuracy|rocAuc)$/.test(name) ? share : 0);
}

/** Both halves for so many steps. */
export async function compare(
  engine: Engine,
  spec: object,
  files: Readonly<Record<string, string | Uint8Array>>,
  steps: number,
): Promise<Compared> {
  const [eager, captured] = [await half(engine, spec, files, false), await half(engine, spec, files, true)];
  try {
    takeSteps(eager, steps);
    takeSteps(captured, steps);
    return {
      distance: distance(valuesOf(captured), valuesOf(eager)),
      records: distance(recordNumbers(captured.records), recordNumbers(eager.records), oneRow(eager)),
      graph: captured.graph,
      detail: captured.detail,
      refusals: captured.refusals,
    };
  } finally {
    eager.dispose();
    captured.dispose();
  }
}
