/** Forks of real runs on the embedded engine: nothing changed is the parent's own continuation; what is changed is told. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { forkFrom } from '../../../src/runs/fork/from.ts';
import { RunError } from '../../../src/runs/error.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { applySettings, readSpec, type Setting } from '../../../src/spec/index.ts';
import {
  effective,
  ended,
  endedWell,
  events,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Fields,
  type Workplace,
} from './run-helpers.ts';

let place: Workplace;
let parent: string;

const training = {
  optimizer: 'adam',
  learningRate: 0.01,
  schedule: 'cosine',
  batchSize: 16,
  epochs: 6,
  l2: 0.0001,
  clipNorm: 1,
  seed: 7,
  checkpoint: { every: 7, unit: 'step', keep: 100 },
  earlyStopping: { patience: 12 },
};
// With a strategy that remembers what the losses were.
const whole = {
  ...(JSON.parse(specText(training)) as object),
  strategy: { name: 'dwa', temperature: 2, observe: ['sum'] },
};
const text = JSON.stringify(whole);

before(async () => {
  place = makeWorkplace();
  parent = newRun(place, 'parent', text);
  await endedWell(await start(parent, place));
});
after(() => place.remove());

function resolvedWith(...settings: readonly Setting[]): NonNullable<ReturnType<typeof readSpec>['spec']> {
  const { spec, problems } = applySettings(readSpec(text), settings);
  assert.ok(spec, problems.map(({ message }) => message.en).join());
  return spec;
}

function fork(name: string, step: number | undefined, ...settings: readonly Setting[]): string {
  const resolved = resolvedWith(...settings);
  return createRun({
    ...{ text, resolved, name, root: place.folder },
    specFile: path.join(place.folder, 'spec.mtl.json'),
    directory: path.join(place.folder, name),
    fork: forkFrom(parent, step, resolved),
  });
}

const startOf = (directory: string): Fields => effective(directory).find((record) => record['kind'] === 'start') ?? {};

/** Everything after that many steps, beside what a fork tells of itself. */
function continuation(directory: string, epoch: number): object {
  const { epochs, best, result, ...rest } = outcomeOf(directory) as Record<string, Fields[]> & { result: Fields };
  const later = (records: readonly Fields[] = []): Fields[] => records.filter((one) => Number(one['epoch']) >= epoch);
  const { fork: _, ...told } = result;
  return { ...rest, epochs: later(epochs), best: later(best), result: told };
}

test('without a change, from the middle of an epoch, it is the parent to the last bit', async () => {
  const { stepsPerEpoch } = startOf(parent) as { stepsPerEpoch: number };
  const step = 21;
  assert.ok(step % stepsPerEpoch !== 0, 'the checkpoint lies inside an epoch');
  const directory = fork('same', step);
  await endedWell(await start(directory, place));
  const epoch = Math.floor(step / stepsPerEpoch) + 1;
  assert.deepEqual(continuation(directory, epoch), continuation(parent, epoch));
  const steps = events(directory).filter((record) => record['kind'] === 'step');
  assert.ok(steps.every((record) => Number(record['step']) > step));
  const told = { run: 'parent', step, checkpoint: `checkpoints/${String(step)}`, changes: [], notCarried: [] };
  assert.deepEqual(startOf(directory)['fork'], told);
  const result = JSON.parse(fs.readFileSync(path.join(directory, 'result.json'), 'utf8')) as Fields;
  assert.deepEqual(result['fork'], told);
});

test('killed before a checkpoint of its own, a fork begins with that of its parent again', async () => {
  const directory = fork('killed', 21);
  const launched = await start(directory, place);
  await until(directory, 'start', 1);
  process.kill(-launched.pid, 'SIGKILL');
  await ended(launched);
  await endedWell(await start(directory, place, true));
  assert.deepEqual(continuation(directory, 5), continuation(parent, 5));
});

test('weights, learning rate and a number of the strategy: state is carried, the best epoch begins anew', async () => {
  const directory = fork(
    'weights',
    28,
    { pointer: '/weights/kind', value: 0.9 },
    { pointer: '/training/learningRate', value: 0.002 },
    { pointer: '/strategy/temperature', value: 1 },
  );
  await endedWell(await start(directory, place));
  const { fork: told } = startOf(directory) as { fork: Fields };
  assert.deepEqual(told['changes'], [
    { pointer: '/weights/kind', before: 0.6, after: 0.9 },
    { pointer: '/strategy/temperature', before: 2, after: 1 },
    { pointer: '/training/learningRate', before: 0.01, after: 0.002 },
  ]);
  assert.deepEqual(told['notCarried'], ['best', 'watched']);
  const warning = effective(directory).find((record) => record['code'] === 'not-carried');
  assert.match(String(warning?.['message']), /begins anew: the best epoch so far/);
  assert.match(String(warning?.['zh']), /重新开始：迄今的最佳轮次/);
  const best = effective(directory).find((record) => record['kind'] === 'end')?.['best'] as Fields;
  assert.ok(Number(best['epoch']) > 28 / Number(startOf(directory)['stepsPerEpoch']));
  const first = effective(directory).find((record) => record['kind'] === 'step');
  assert.equal(first?.['step'], 29);
});

test('another strategy and another optimizer begin with nothing, and say so', async () => {
  const directory = fork(
    'strategy',
    undefined,
    { pointer: '/strategy', value: 'famo' },
    { pointer: '/training/optimizer', value: 'sgd' },
    { pointer: '/training/epochs', value: 8 },
  );
  await endedWell(await start(directory, place));
  const { fork: told, strategy } = startOf(directory) as { fork: Fields; strategy: string };
  assert.equal(strategy, 'famo');
  assert.deepEqual(told['notCarried'], ['strategy', 'optimizer', 'best', 'watched']);
});

test('a strategy that takes other batches is refused by the trainer', async () => {
  const directory = fork('batches', 28, { pointer: '/strategy', value: 'modo' });
  const { code } = await ended(await start(directory, place));
  assert.equal(code, 1);
  const { error } = events(directory).at(-1) as { error: Fields };
  assert.equal(error['code'], 'fork');
  assert.match(String(error['message']), /epochs had \d+ steps, these would have \d+/);
});

test('refused by name: another network, other data, other targets, another place in the data, nothing left', () => {
  const refused = (pattern: RegExp, ...settings: readonly Setting[]): void => {
    assert.throws(
      () => forkFrom(parent, 21, resolvedWith(...settings)),
      (error) => error instanceof RunError && error.code === 'fork' && pattern.test(error.message),
    );
  };
  refused(/\/network\/trunk\/layers\/0\/units: 16 → 32 \(another network\)/, {
    pointer: '/network/trunk/layers/0/units',
    value: 32,
  });
  refused(/\/data\/missingTokens.*\(other data\)/, { pointer: '/data/missingTokens', value: ['?'] });
  refused(/\/tasks\/kind\/target\/0: "kind" → "a" \(other targets\)/, { pointer: '/tasks/kind/target', value: 'a' });
  refused(/\/training\/batchSize: 16 → 8 \(another place in the data/, { pointer: '/training/batchSize', value: 8 });
  refused(/\/training\/seed: 7 → 8 \(another order of the rows in the middle/, { pointer: '/training/seed', value: 8 });
  refused(/nothing is left to train\. Give it more, for example --set \/training\/epochs=2/, {
    pointer: '/training/epochs',
    value: 1,
  });
  assert.throws(
    () => forkFrom(parent, 22, resolvedWith()),
    (error) =>
      error instanceof RunError &&
      error.code === 'no-checkpoint' &&
      /no checkpoint at step 22\. It keeps those of these steps: 7, 14, 21/.test(error.message) &&
      /现有检查点的步数：7、14、21/.test(error.text.zh),
  );
});

test('data that are not those of the parent any more', async () => {
  const directory = fork('data', 21);
  const file = path.join(place.folder, 'data.csv');
  const rows = fs.readFileSync(file, 'utf8');
  fs.appendFileSync(file, '1,2,3,up,4\n');
  try {
    const launched = await start(directory, place);
    assert.equal((await ended(launched)).code, 2);
    const attempt = JSON.parse(fs.readFileSync(path.join(directory, 'attempts', '1.json'), 'utf8')) as {
      ended: Fields;
    };
    assert.equal(attempt.ended['status'], 'refused');
    assert.match(String(attempt.ended['message']), /^No fork is made, .*"data\.csv" grew/);
  } finally {
    fs.writeFileSync(file, rows);
  }
});
