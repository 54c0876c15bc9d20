// Trainings inside the test's own process: the trainer's real path from a spec and a table to updated parameters.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EventInput } from '../../../src/runs/events.ts';
import type { EventWriter } from '../../../src/runs/writer.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { openEngine } from '../../../src/engine/open.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { prepare, type Prepared } from '../../../src/trainer/prepare/prepare.ts';
import type { ExecutorFactory } from '../../../src/trainer/step/executors/contract.ts';
import { Training } from '../../../src/trainer/training/training.ts';
import { Warnings } from '../../../src/trainer/training/warnings.ts';
import { save } from '../../../src/trainer/output/save.ts';
import { generator } from '../../../src/numbers/random.ts';
import { assertBilingual } from '../bilingual.ts';
import { assetsDirectory } from '../engine/support.ts';

/** The embedded engine, from the package's own folder. */
export function embeddedEngine(): Promise<Engine> {
  return openEngine('wasm', { assetsDirectory });
}

export type Row = Readonly<Record<string, string | number>>;

/** CSV text; all rows have the keys of the first. */
export function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  return `${[names, ...rows.map((row) => names.map((name) => row[name] ?? ''))].map((cells) => cells.join(',')).join('\n')}\n`;
}

/** Rows with three inputs, a class and two values that follow from them. */
export function sampleRows(count: number): Row[] {
  const random = generator(5, 6, 7, 8);
  return Array.from({ length: count }, () => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()].map(Math.fround) as [number, number, number];
    return { a, b, c, kind: a + b > 0 ? 'up' : 'down', value: 2 * a - c, other: b * c };
  });
}

export interface Trial {
  readonly prepared: Prepared;
  readonly training: Training;
  /** Everything written so far. */
  readonly records: EventInput[];
  readonly directory: string;
  /** A checkpoint and the model, as the loop of `train.ts` writes them. */
  readonly save: () => Promise<void>;
  readonly dispose: () => void;
}

/**
 * A run ready for its first step.
 *
 * @param files table by name; the spec's source is one of them
 * @param executor what computes the steps; eager if absent
 */
export async function trial(
  spec: object,
  files: Readonly<Record<string, string>>,
  executor?: ExecutorFactory,
): Promise<Trial> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-trial-'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
  const read = readSpec(JSON.stringify(spec));
  const errors = read.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en);
  assert.deepEqual(errors, []);
  assert.ok(read.spec);
  const place = { specFile: path.join(directory, 'spec.mtl.json'), root: directory, allowOutside: false };
  const run = { spec: read.spec, hash: 'hash', place, name: 'trial' };
  const prepared = await prepare(run, () => undefined);
  const records: EventInput[] = [];
  const writer: EventWriter = {
    get nextSeq() {
      return records.length;
    },
    append: (body) => {
      if (body.kind === 'warning') assertBilingual({ en: body.message, zh: body.zh ?? '' });
      return records.push(body) - 1;
    },
    sync: () => undefined,
    resumedFrom: ({ step, epoch }) => ({ step, epoch, seq: 0 }),
    close: () => undefined,
  };
  const append = (record: EventInput): void => void writer.append(record);
  const training = new Training({
    ...{ prepared, append, warnings: new Warnings(append) },
    ...(executor ? { executor } : {}),
  });
  const identity = { version: 'test', spec: 'hash' };
  return {
    prepared,
    training,
    records,
    directory,
    save: () => save(training, { directory, writer, identity }),
    dispose: () => {
      training.dispose();
      prepared.model.dispose();
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Trains to the end, as the loop of `train.ts` does without requests and checkpoints. */
export function trainThrough(training: Training): void {
  while (!training.isDone()) {
    for (const positions of training.steps()) {
      training.step(positions);
      if (training.isDone()) break;
    }
    training.endEpoch();
  }
}

/** Values of all variables, and counts of updates, by path. */
export function parameters({ model }: Prepared): Map<string, Float32Array> {
  return new Map(model.kept.map(({ path: name, variable }) => [name, Float32Array.from(variable.dataSync())]));
}

/** Values of all optimizer slots by path and slot. */
export function slots({ optimizer }: Training): Map<string, Float32Array> {
  return new Map(
    optimizer
      .slots()
      .map(({ path: name, name: slot, tensor }) => [`${name}:${slot}`, Float32Array.from(tensor.dataSync())]),
  );
}

export function recordsOf<K extends EventInput['kind']>(
  records: readonly EventInput[],
  kind: K,
): Extract<EventInput, { kind: K }>[] {
  return records.filter((record): record is Extract<EventInput, { kind: K }> => record.kind === kind);
}

/** Largest |a − b| over the paths of `a`. */
export function distance(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  assert.ok(a.size > 0, 'there is something to compare');
  let largest = 0;
  for (const [name, values] of a) {
    const others = b.get(name);
    assert.equal(others?.length, values.length, name);
    values.forEach((value, index) => (largest = Math.max(largest, Math.abs(value - (others[index] ?? NaN)))));
  }
  return largest;
}
