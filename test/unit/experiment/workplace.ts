/** A folder with a table, a spec with an experiment, and its frozen plan; runs that have ended in every way, without training. */
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Outcome, PlannedRun } from '../../../src/experiment/contract.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { experimentPaths } from '../../../src/experiment/layout.ts';
import { writePlan, type PlanRecord } from '../../../src/experiment/plan-file.ts';
import { endAttempt, createAttempt } from '../../../src/runs/attempts.ts';
import type { EventInput } from '../../../src/runs/events.ts';
import { writeFingerprints } from '../../../src/runs/fingerprints.ts';
import { sha256 } from '../../../src/runs/frozen.ts';
import { acquireLock } from '../../../src/runs/lock.ts';
import { writeResult } from '../../../src/runs/result.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { table } from '../cli/run-cli.ts';
import { quickBase } from '../quick-base.ts';
import { epochBody, resultOf, startBody } from './bodies.ts';

/** A folder for one test. */
export function quickFolder(context: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(quickBase(), 'mtl-experiment-')));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** The text of a spec with this experiment. */
export function specText(experiment: object, training: object = {}): string {
  return JSON.stringify({
    name: 'tried',
    data: { source: 'table.csv', inputs: { in: { type: 'number', from: ['a', 'b'] } } },
    network: { trunk: { input: 'in', layers: [{ type: 'dense', units: 4 }] } },
    tasks: {
      kind: { type: 'classification', target: 'kind', input: 'trunk' },
      y: { type: 'regression', target: 'y', input: 'trunk' },
    },
    training: { epochs: 2, seed: 1, ...training },
    experiment,
  });
}

export interface Place {
  readonly folder: string;
  readonly specFile: string;
  readonly directory: string;
  readonly plan: PlanRecord;
}

/** Writes table and spec, and the plan of an experiment on the embedded engine. */
export function makePlace(folder: string, text: string, changes: Partial<PlanRecord> = {}): Place {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'table.csv'), table);
  const specFile = path.join(folder, 'tried.mtl.json');
  fs.writeFileSync(specFile, text);
  const directory = path.join(folder, '.mtl', 'experiments', 'tried');
  fs.mkdirSync(experimentPaths(directory).runs, { recursive: true });
  const plan: PlanRecord = {
    ...{
      v: 1,
      id: 'tried-1',
      name: 'tried',
      created: 1,
      root: '../../..',
      spec: 'tried.mtl.json',
      allowOutside: false,
    },
    ...{ text, sha256: sha256(text), device: 'cpu', executor: 'local', jobs: 2, facts: null },
    surroundings: { engine: { name: 'wasm', version: '1' }, files: new Map([['table.csv', sha256(table)]]) },
    analysisHash: readDesign(text).design?.analysisHash ?? '',
    deviations: [],
    ...changes,
  };
  writePlan(directory, plan);
  return { folder, specFile, directory, plan };
}

export type Fate = 'done' | 'nan' | 'fail' | 'die' | 'stop' | 'exit' | 'full-disk' | 'no-number';

/** Works on a run directory as a trainer would, until it ends in this way. */
export async function live(
  directory: string,
  fate: Fate,
  { value = 0.5, seed = 1, files = new Map([['table.csv', sha256(table)]]) } = {},
): Promise<void> {
  const { attempt, token } = createAttempt(
    directory,
    { engine: 'wasm', root: '../../../../..', allowOutside: false, keepAliveMinutes: 0 },
    {},
  );
  const lock = await acquireLock(directory, { attempt, token });
  const writer = openWriter(directory, { token });
  const again = writer.nextSeq > 0;
  writeFingerprints(directory, {
    ...{ v: 1, attempt, accepted: [] },
    files: [...files].map(([name, hash]) => ({ path: name, sha256: hash })),
    engine: { name: 'wasm', device: 'cpu', threads: 1 },
  });
  writer.append(startBody(attempt, seed, again ? -1 : undefined));
  writer.append(epochBody(1, value));
  writer.append(epochBody(2, value + 1));
  end(directory, fate, { value, seed, attempt }, (body) => void writer.append(body));
  writer.close();
  lock.release();
}

function end(
  directory: string,
  fate: Fate,
  { value, seed, attempt }: { readonly value: number; readonly seed: number; readonly attempt: number },
  append: (body: EventInput) => void,
): void {
  const fails = (code: string, message: string, zh: string): void => {
    append({ kind: 'end', status: 'failed', error: { code, message, zh }, seconds: 2 });
    endAttempt(directory, attempt, { status: 'failed', message });
  };
  if (fate === 'done' || fate === 'no-number') {
    writeResult(directory, resultOf(fate === 'done' ? value : NaN, seed));
    append({ kind: 'end', status: 'completed', seconds: 2 });
    endAttempt(directory, attempt, { status: 'completed' });
  } else if (fate === 'nan') fails('diverged', 'Training diverged.', '训练发散。');
  else if (fate === 'fail') fails('no-data', 'There are no rows.', '没有行。');
  else if (fate === 'full-disk') fails('ENOSPC', 'The disk is full', '磁盘已满');
  else if (fate === 'stop') {
    append({ kind: 'end', status: 'stopped', seconds: 2 });
    endAttempt(directory, attempt, { status: 'stopped' });
  } else if (fate === 'die') endAttempt(directory, attempt, { status: 'died', code: null, signal: 'SIGKILL' });
  else endAttempt(directory, attempt, { status: 'died', code: 7, signal: null });
}

/** What must not depend on how often an experiment was interrupted. */
export function comparable(outcomes: ReadonlyMap<string, Outcome>): readonly unknown[] {
  return [...outcomes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { seconds: _, ...rest }]) => [id, rest] as const);
}

/** The number that a run of these tests has: of its id alone. */
export const valueOf = ({ id }: Pick<PlannedRun, 'id'>): number => Number.parseInt(id.slice(0, 6), 16) / 2 ** 24;
