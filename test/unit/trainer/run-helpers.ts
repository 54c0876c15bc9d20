// Real runs of the built trainer on a small made-up data set, for tests of what survives what.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRun, launch, type Launched } from '../../../src/runs/launch.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { generator } from '../../../src/numbers/random.ts';
import { eventually } from '../eventually.ts';
import { quickBase } from '../quick-base.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** Where the bundles lie. */
export const bundles = path.join(root, 'dist');
const trainerFile = path.join(root, 'dist/trainer.cjs');

export interface Workplace {
  readonly folder: string;
  remove(): void;
}

/** A folder with `data.csv`: three numbers, a class and a value that follow from them, a third of the labels missing. */
export function makeWorkplace(rows = 240): Workplace {
  assert.ok(fs.existsSync(trainerFile), 'dist/trainer.cjs is missing: run npm run build');
  const folder = fs.mkdtempSync(path.join(quickBase(), 'mtl-run-'));
  const random = generator(1, 2, 3, 4);
  const lines = ['a,b,c,kind,值'];
  for (let row = 0; row < rows; row++) {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    const kind = a + b > 0.5 ? 'up' : a - b > 0 ? 'down' : 'flat';
    const value = 2 * a - c + 0.1 * random.normal();
    const cells = [a, b, c, random.uniform() < 0.33 ? '' : kind, random.uniform() < 0.33 ? '' : value];
    lines.push(cells.join(','));
  }
  fs.writeFileSync(path.join(folder, 'data.csv'), `${lines.join('\n')}\n`);
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** A spec whose state has everything that must survive: dropout, batch norm, slots, a schedule, partial labels. */
export function specText(training: object): string {
  return JSON.stringify({
    name: 'resume',
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } } },
    network: {
      trunk: {
        input: 'x',
        layers: [
          { type: 'dense', units: 16, activation: 'tanh' },
          { type: 'batchNormalization' },
          { type: 'dropout', rate: 0.2 },
          { type: 'dense', units: 8, activation: 'relu' },
        ],
      },
    },
    tasks: {
      kind: { type: 'classification', target: 'kind', input: 'trunk' },
      值: { type: 'regression', target: '值', input: 'trunk' },
    },
    weights: { kind: 0.6, 值: 0.4 },
    training,
  });
}

export function newRun(place: Workplace, name: string, text: string): string {
  const specFile = path.join(place.folder, 'spec.mtl.json');
  const { spec, problems } = readSpec(text);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en),
    [],
  );
  const directory = path.join(place.folder, name);
  return createRun({ text, resolved: spec, specFile, root: place.folder, name, directory });
}

export interface StartOptions {
  readonly trainerFile?: string;
  readonly keepAliveMinutes?: number;
  readonly engine?: string;
  readonly memory?: string;
  readonly acceptChanges?: boolean;
  readonly nodeArguments?: readonly string[];
}

export function start(
  directory: string,
  place: Workplace,
  resume = false,
  options: StartOptions = {},
): Promise<Launched> {
  const usual = { engine: 'wasm', allowOutside: false, keepAliveMinutes: 0, trainerFile };
  return launch(directory, { ...usual, ...options, resume, root: place.folder });
}

/** Waits for a launched trainer to end. The process is detached, so something else must keep this one alive. */
export async function ended(launched: Launched): Promise<{ code: number | null; signal: string | null }> {
  const alive = setInterval(() => undefined, 1000);
  try {
    return await launched.exited;
  } finally {
    clearInterval(alive);
  }
}

/** Waits for a launched trainer to end with status 0; where it does not, its own words say why. */
export async function endedWell(launched: Launched): Promise<void> {
  const exit = await ended(launched);
  const last = JSON.stringify(events(launched.directory).at(-1));
  const log = fs.readFileSync(path.join(launched.directory, 'log.txt'), 'utf8').slice(-2000);
  const why = `attempt ${String(launched.attempt)} ended with ${JSON.stringify(exit)}: ${last}; log: ${log}`;
  assert.deepEqual({ code: exit.code, signal: exit.signal }, { code: 0, signal: null }, why);
}

export type Fields = Record<string, unknown>;

export function events(directory: string): Fields[] {
  const file = path.join(directory, 'events.ndjson');
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Fields);
}

/** The records that count: those between a checkpoint and the `start` that resumed from it are superseded. */
export function effective(directory: string): Fields[] {
  let kept: Fields[] = [];
  for (const record of events(directory)) {
    const from = record['kind'] === 'start' ? (record['resumedFrom'] as { seq: number } | undefined) : undefined;
    if (from) kept = kept.filter((earlier) => Number(earlier['seq']) <= from.seq);
    kept.push(record);
  }
  return kept;
}

/** Waits until the run has written that many records of a kind, or has ended. */
export async function until(directory: string, kind: string, count: number): Promise<void> {
  await eventually(
    () => {
      const records = events(directory);
      const written = records.filter((record) => record['kind'] === kind).length;
      return written >= count || records.at(-1)?.['kind'] === 'end';
    },
    `${String(count)} records "${kind}" in ${directory}`,
  );
}

const without = (record: Fields, ...keys: string[]): Fields =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

/** How much memory was free at a start: of the machine at that moment, not of the run. */
const ofTheMachine = (warning: Fields): boolean => warning['code'] === 'memory-near';

/** What a resumed run must share with one that was never interrupted, to the last bit. */
export function outcomeOf(directory: string): object {
  const records = effective(directory).filter((record) => !ofTheMachine(record));
  const result = JSON.parse(fs.readFileSync(path.join(directory, 'result.json'), 'utf8')) as { warnings: Fields[] };
  const ofKind = (kind: string, ...keys: string[]): Fields[] =>
    records.filter((record) => record['kind'] === kind).map((record) => without(record, 'seq', 't', ...keys));
  const files = fs.readdirSync(path.join(directory, 'model')).sort();
  return {
    epochs: ofKind('epoch', 'seconds'),
    best: ofKind('best'),
    end: ofKind('end', 'seconds'),
    warnings: ofKind('warning'),
    result: {
      ...without({ ...result }, 'seconds'),
      warnings: result.warnings.filter((warning) => !ofTheMachine(warning)),
    },
    model: files.map((name) => [name, fs.readFileSync(path.join(directory, 'model', name)).toString('base64')]),
  };
}
