/** A run from its spec to its result, and what is promised of every file of it (conventions 10). */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isOrderedMap, orderedText, parseOrdered, type OrderedValue } from '../../../src/runs/json.ts';
import { endedWell, events, newRun, start, type Fields } from './run-helpers.ts';
import { at, awkwardSpec, rawRows, tableOf, taskNames, wholeRun, worker, type WholeRun } from './whole-run-helpers.ts';

let run: WholeRun;
before(async () => {
  run = await wholeRun();
});
after(() => run.place.remove());

const file = (name: string): string => fs.readFileSync(path.join(run.directory, name), 'utf8');

type Ordered = ReadonlyMap<string, OrderedValue>;

const keysOf = (value: OrderedValue | undefined): string[] => [...(value as Ordered).keys()];

describe('events.ndjson', () => {
  test('seq counts from 0 without gaps, and times never run backward', () => {
    const records = events(run.directory);
    assert.deepEqual(
      records.map(({ seq }) => seq),
      records.map((_, index) => index),
    );
    assert.ok(records.every((record, index) => Number(record['t']) >= Number(records[index - 1]?.['t'] ?? 0)));
  });

  test('is as the golden transcript says (UPDATE_GOLDEN=1 writes it anew)', () => {
    const golden = path.join(import.meta.dirname, '../../golden/events/awkward.json');
    const lines = file('events.ndjson').trimEnd().split('\n');
    const transcript = `[\n${transcribe(lines).join(',\n')}\n]\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      fs.mkdirSync(path.dirname(golden), { recursive: true });
      fs.writeFileSync(golden, transcript);
    }
    assert.equal(transcript, fs.readFileSync(golden, 'utf8'));
  });
});

/** Keys that tell the time, the place or the machine. */
const passing = new Set([
  'seq',
  't',
  'seconds',
  'stepsPerSecond',
  'residentBytes',
  'detail',
  'device',
  'threads',
  'bytes',
]);
/** Keys whose numbers may differ in the last digits from machine to machine. */
const measured = new Set(['losses', 'metrics', 'total', 'objective', 'value', 'skill', 'norms', 'cosines', 'memory']);

/**
 * Records as lines without what differs from run to run: measured numbers become words, and the steps of an epoch one
 * record with their sum, after what else the steps told, since their grouping depends on the clock.
 */
function transcribe(lines: readonly string[]): string[] {
  const told: { kind: OrderedValue; epoch: OrderedValue; steps: number; record: Ordered }[] = [];
  for (const line of lines) {
    const record = parseOrdered(line) as Ordered;
    const [kind, epoch, steps] = [record.get('kind') ?? null, record.get('epoch') ?? null, Number(record.get('steps'))];
    const before = told.findLastIndex((one) => one.kind !== 'gradients');
    const last = told[before];
    const again = kind === 'step' && last?.kind === 'step' && last.epoch === epoch;
    if (again) told.splice(before, 1);
    told.push({ kind, epoch, steps: again ? last.steps + steps : steps, record });
  }
  return told.map(({ record, kind, steps }) =>
    orderedText(withoutPassing(kind === 'step' ? new Map([...record, ['steps', steps]]) : record)),
  );
}

function withoutPassing(value: OrderedValue, told = true): unknown {
  if (typeof value === 'number') return told ? value : 'number';
  if (Array.isArray(value)) return (value as readonly OrderedValue[]).map((inner) => withoutPassing(inner, told));
  if (!isOrderedMap(value)) return value;
  // What an engine says of itself, in Chinese; other sentences stay.
  const engine = value.has('detail');
  const kept = [...value].filter(([key]) => !passing.has(key) && !(engine && key === 'zh'));
  return new Map(kept.map(([key, inner]) => [key, withoutPassing(inner, told && !measured.has(key))]));
}

describe('result.json', () => {
  let result: OrderedValue;
  before(() => {
    result = parseOrdered(file('result.json'));
  });

  test('has the fields that are promised (conventions 12) and no other', () => {
    assert.deepEqual(keysOf(result), [
      ...['v', 'status', 'seed', 'engine', 'epochs', 'seconds', 'parameters', 'samples', 'best', 'splits', 'warnings'],
    ]);
    assert.deepEqual(
      [at(result, 'v'), at(result, 'status'), at(result, 'seed'), at(result, 'epochs')],
      [1, 'completed', 1, 4],
    );
    assert.deepEqual(keysOf(at(result, 'engine')), [
      'name',
      'device',
      'detail',
      'zh',
      'graph',
      'threads',
      'deterministic',
    ]);
    assert.equal(at(result, 'engine', 'name'), 'wasm');
    assert.ok(Number(at(result, 'seconds')) > 0);
    assert.deepEqual(keysOf(at(result, 'best')).sort(), ['epoch', 'monitor', 'value']);
    assert.equal(at(result, 'best', 'monitor'), 'validation/skill');
  });

  test('counts parameters and samples as the data and the layers have them', () => {
    // dense 2→8: 24; batch normalization 4·8; heads 8→3: 27 and 8→1: 9 each
    assert.equal(
      orderedText(at(result, 'parameters')),
      '{"total":101,"shared":56,"byTask":{"10":27,"2":9,"toString":9}}',
    );
    const rows = rawRows().filter(({ a }) => a !== '');
    const count = (part: string, holds: (row: (typeof rows)[number]) => boolean = () => true): number =>
      rows.filter((row) => row.part === part && holds(row)).length;
    const parts = ['train', 'validation', 'test'];
    for (const part of parts) assert.equal(at(result, 'samples', part), count(part));
    assert.deepEqual(keysOf(at(result, 'samples', 'labelled')), taskNames);
    for (const part of parts) {
      assert.equal(
        at(result, 'samples', 'labelled', '10', part),
        count(part, ({ kind }) => kind !== ''),
      );
      assert.equal(
        at(result, 'samples', 'labelled', '2', part),
        count(part, ({ mass }) => mass !== ''),
      );
      assert.equal(at(result, 'splits', part, 'n'), count(part));
    }
  });

  test('has losses and metrics of every split and task, finite, in source order', () => {
    assert.deepEqual(keysOf(at(result, 'splits')), ['train', 'validation', 'test']);
    for (const part of keysOf(at(result, 'splits'))) {
      assert.deepEqual(keysOf(at(result, 'splits', part)), ['n', 'losses', 'metrics']);
      assert.deepEqual(keysOf(at(result, 'splits', part, 'losses')), taskNames);
      assert.deepEqual(keysOf(at(result, 'splits', part, 'metrics')), taskNames);
      for (const task of taskNames) {
        assert.ok(Number(at(result, 'splits', part, 'losses', task)) > 0);
        const metrics = at(result, 'splits', part, 'metrics', task) as Ordered;
        assert.ok(metrics.has(task === '10' ? 'accuracy' : 'mae'));
        for (const value of metrics.values()) assert.ok(value === null || Number.isFinite(value));
      }
    }
  });

  test('says of the best epoch and of the test split what the events say', () => {
    const records = file('events.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => parseOrdered(line));
    const last = records.at(-1);
    assert.equal(orderedText(at(last, 'best')), orderedText(at(result, 'best')));
    const { losses, metrics } = {
      losses: at(result, 'splits', 'test', 'losses'),
      metrics: at(result, 'splits', 'test', 'metrics'),
    };
    assert.equal(
      orderedText(at(last, 'test')),
      orderedText(
        new Map([
          ['losses', losses],
          ['metrics', metrics],
        ]),
      ),
    );
    const best = records.filter((record) => at(record, 'kind') === 'best').at(-1);
    assert.equal(at(best, 'value'), at(result, 'best', 'value'));
    const epoch = records.find((record) => at(record, 'kind') === 'epoch' && at(record, 'epoch') === at(best, 'epoch'));
    assert.equal(at(epoch, 'validation', 'skill'), at(best, 'value'));
    // One model: the reported one.
    assert.equal(
      orderedText(at(epoch, 'validation', 'losses')),
      orderedText(at(result, 'splits', 'validation', 'losses')),
    );
  });
});

test('names keep their order in every file', () => {
  for (const name of ['spec.json', 'events.ndjson', 'result.json', 'model/preprocessing.json']) {
    const text = file(name);
    const places = taskNames.map((task) => text.indexOf(`"${task}"`));
    assert.ok(
      places.every((place) => place >= 0),
      name,
    );
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
      name,
    );
  }
});

test('log.txt tells what the preparation found, and holds no stack', () => {
  assert.match(file('log.txt'), /column “a”: 4 missing\./);
  assert.doesNotMatch(file('log.txt'), /\n\s+at /);
});

describe('evaluate', () => {
  const places = (): { root: string; allowOutside: boolean } => ({ root: run.place.folder, allowOutside: false });

  test('of a split gives the numbers of result.json, exactly', async () => {
    const result = parseOrdered(file('result.json'));
    for (const split of ['test', 'validation', 'train']) {
      const { summary, warnings } = await worker().evaluateRun(run.directory, { split, ...places() });
      assert.equal(orderedText(summary), orderedText(at(result, 'splits', split)));
      assert.deepEqual(warnings, []);
    }
  });

  test('of a file with the test rows does, too', async () => {
    const data = path.join(run.place.folder, 'test-rows.csv');
    fs.writeFileSync(data, tableOf(rawRows().filter(({ part }) => part === 'test')));
    const { summary, warnings } = await worker().evaluateRun(run.directory, { data, ...places() });
    assert.equal(orderedText(summary), orderedText(at(parseOrdered(file('result.json')), 'splits', 'test')));
    assert.deepEqual(
      warnings.map(({ en }) => en),
      ['2 rows are left out of test-rows.csv, as in training.'],
    );
  });

  test('refuses in words: an unknown split, a file without labels, a run without a model', async () => {
    await assert.rejects(worker().evaluateRun(run.directory, { split: 'tset', ...places() }), /no split "tset"/);
    const data = path.join(run.place.folder, 'unlabeled.csv');
    fs.writeFileSync(data, 'a,b\n1,2\n');
    await assert.rejects(worker().evaluateRun(run.directory, { data, ...places() }), { name: 'DataError' });
    const empty = newRun(run.place, 'empty', awkwardSpec);
    await assert.rejects(worker().evaluateRun(empty, { split: 'test', ...places() }), /no trained model yet/);
  });

  test('refuses splits of data that have changed since', async () => {
    const rows = path.join(run.place.folder, 'rows.csv');
    const text = fs.readFileSync(rows, 'utf8');
    try {
      fs.writeFileSync(rows, text.replace(/\n([\d.-]+),/, '\n1000,'));
      await assert.rejects(worker().evaluateRun(run.directory, { split: 'test', ...places() }), /have changed/);
    } finally {
      fs.writeFileSync(rows, text);
    }
  });
});

describe('runs with less', () => {
  const last = async (name: string, text: string): Promise<{ records: Fields[]; directory: string }> => {
    const directory = newRun(run.place, name, text);
    await endedWell(await start(directory, run.place));
    return { records: events(directory), directory };
  };

  test('one task and no validation: the last epoch is reported, and a warning says so', async () => {
    const text = JSON.stringify({
      data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b'] } }, split: { column: 'part' } },
      network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
      tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk' } },
      training: { epochs: 2, seed: 1 },
    });
    const rows = rawRows(30).map((row) => ({ ...row, part: 'train' }));
    fs.writeFileSync(path.join(run.place.folder, 'data.csv'), tableOf(rows));
    const { records, directory } = await last('single', text);
    assert.ok(records.some(({ kind, code }) => kind === 'warning' && code === 'no-validation'));
    const result = parseOrdered(fs.readFileSync(path.join(directory, 'result.json'), 'utf8'));
    assert.equal(at(result, 'best'), null);
    assert.deepEqual(keysOf(at(result, 'splits')), ['train']);
    const end = records.at(-1);
    assert.deepEqual([end?.['status'], 'best' in (end ?? {}), 'test' in (end ?? {})], ['completed', false, false]);
    const epochs = records.filter(({ kind }) => kind === 'epoch');
    assert.deepEqual(
      epochs.map(({ validation }) => validation),
      [null, null],
    );
    const place = { root: run.place.folder, allowOutside: false };
    await assert.rejects(worker().evaluateRun(directory, { split: 'test', ...place }), /no row to evaluate/);
  });

  test('files of their own for validation and test', async () => {
    const text = JSON.stringify({
      data: {
        source: { train: 'train.csv', validation: 'valid.csv', test: 'last.csv' },
        inputs: { x: { type: 'number', from: ['a', 'b'] } },
      },
      network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
      tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk' } },
      training: { epochs: 1, seed: 1 },
    });
    const rows = rawRows(30);
    const files = { 'train.csv': rows.slice(0, 18), 'valid.csv': rows.slice(18, 25), 'last.csv': rows.slice(25) };
    for (const [name, part] of Object.entries(files))
      fs.writeFileSync(path.join(run.place.folder, name), tableOf(part));
    const { records } = await last('apart', text);
    const begun = records.find(({ kind }) => kind === 'start');
    const { train, validation, test: held } = begun?.['samples'] as Record<string, number>;
    assert.deepEqual([train, validation, held], [18, 7, 5]);
  });
});
