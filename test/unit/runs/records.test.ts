/** A reader believes nothing: each member of each kind of record is asked for, and for what it must be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../../../src/runs/events.ts';
import { encodeRecord, parseRecord, validateRecord } from '../../../src/runs/records.ts';
import { startBody, stepBody } from './helpers.ts';

const result = { losses: new Map([['a', 0.5]]), metrics: new Map([['a', new Map([['mae', 1.5]])]]) };
const best = { epoch: 1, monitor: 'validation/total', value: 0.5 };
const matrix = [[0.5]];

/** Every member that there is. */
const full: readonly EventInput[] = [
  {
    ...startBody(1, { step: 4, epoch: 2, seq: 3 }),
    engine: { name: 'wasm', device: 'cpu', detail: 'y', zh: 'z', graph: false, threads: 1, deterministic: true },
    storage: { streamed: true, memory: 1.5, disk: 2.5 },
    acceptedChanges: [{ attempt: 1, step: 2, kind: 'threads', before: 1, after: 2 }],
  } as EventInput,
  { kind: 'progress', phase: 'reading', done: 0.5, total: 2 },
  { ...stepBody(1), total: 1, objective: 1 } as EventInput,
  { kind: 'gradients', step: 1, tasks: ['a'], norms: [0.5], cosines: matrix, observed: new Map([['dwa', [0.5]]]) },
  { kind: 'epoch', epoch: 1, train: result, validation: { ...result, total: 0.5, skill: 0.5 }, seconds: 0.5 },
  { kind: 'best', ...best },
  { kind: 'checkpoint', step: 3, path: 'checkpoints/3', bytes: 1 },
  { kind: 'state', state: 'paused', by: 'window' },
  { kind: 'warning', code: 'x', message: 'y', zh: 'z', task: 'a', severity: 'information' },
  { kind: 'affinity', step: 1, tasks: ['a'], mean: matrix, sd: matrix, n: [[0.5]], cosines: matrix },
  { kind: 'end', status: 'failed', error: { code: 'c', message: 'm', zh: 'z' }, seconds: 0.5, best, test: result },
];

type Json = Record<string, unknown>;
const records = full.map((body, seq) => JSON.parse(encodeRecord(seq, 1000, body)) as Json);

/** Where something stands: the kind of the record, then names, with `*` for a place in a list or a name of the user's. */
interface Place {
  readonly name: string;
  readonly value: unknown;
  /** Validates the record with something else there; without an argument, with nothing there. */
  with(...other: [unknown] | []): unknown;
}

/** Members whose keys are names of the user's. */
const byName = /(byTask|labelled|losses|metrics|metrics\.\*|weights|observed)$/;

function placesOf(record: Json): Place[] {
  const found: Place[] = [];
  const walk = (value: unknown, name: string, path: readonly (string | number)[]): void => {
    if (path.length > 0) found.push({ name, value, with: (...other) => validateRecord(changed(record, path, other)) });
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const plain = !Array.isArray(value) && !byName.test(name);
      walk(member, `${name}.${plain ? key : '*'}`, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(record, String(record['kind']), []);
  return found;
}

function changed(record: Json, path: readonly (string | number)[], other: [unknown] | []): unknown {
  const copy = structuredClone(record);
  let at: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (other.length === 0) Reflect.deleteProperty(at, last);
  else at[last] = other[0];
  return copy;
}

const places = records.flatMap(placesOf);

/** What may be missing; names of the user's and places in lists aside. */
const optional = [
  ...[
    'start.engine.zh',
    'start.storage',
    'start.acceptedChanges',
    'start.resumedFrom',
    'gradients.observed',
    'warning.zh',
  ],
  ...['warning.task', 'warning.severity', 'affinity.cosines', 'end.error', 'end.error.zh', 'end.best', 'end.test'],
];
/** Nobody asks for these: what a change was before and after is its own. */
const free = ['start.acceptedChanges.*.before', 'start.acceptedChanges.*.after'];

const asked = places.filter(({ name }) => !free.includes(name));
const refused = (place: Place, answer: unknown, what: string): void =>
  assert.equal(typeof answer, 'string', `${place.name}: ${what}`);

test('a record with everything is taken as it is', () => {
  for (const [index, body] of full.entries()) {
    const record = parseRecord(encodeRecord(index, 1000, body));
    assert.deepEqual(record, records[index]);
  }
});

test('a member that must be there is missed; one that may be missing is not', () => {
  for (const place of asked) {
    if (place.name.endsWith('.*')) continue;
    const answer = place.with();
    assert.equal(typeof answer === 'string', !optional.includes(place.name), place.name);
  }
});

test('every member is of its own type, and the refusal says where', () => {
  for (const place of asked) {
    const wrong: unknown[] = [true, {}, [], 'x', 1].filter((other) => {
      if (typeof other === 'object' && typeof place.value === 'object') {
        return Array.isArray(other) !== Array.isArray(place.value);
      }
      return typeof other !== typeof place.value;
    });
    for (const other of wrong) {
      const answer = place.with(other);
      refused(place, answer, JSON.stringify(other));
      const key = place.name.split('.').at(-1);
      if (key !== undefined && key !== '*') assert.ok(String(answer).includes(key), `${place.name}: ${String(answer)}`);
    }
  }
});

test('null is a value only where nothing could be measured', () => {
  const nullable = [
    ...['step.losses.*', 'step.weights', 'step.total', 'step.objective', 'step.penalty', 'gradients.cosines.*.*'],
    ...['epoch.train.losses.*', 'epoch.train.metrics.*.*', 'epoch.validation', 'epoch.validation.losses.*'],
    ...['epoch.validation.metrics.*.*', 'epoch.validation.total', 'epoch.validation.skill'],
    ...['affinity.mean.*.*', 'affinity.sd.*.*', 'affinity.cosines.*.*', 'end.test.losses.*', 'end.test.metrics.*.*'],
  ];
  const found = new Set(asked.filter((place) => typeof place.with(null) !== 'string').map(({ name }) => name));
  assert.deepEqual([...found].toSorted(), nullable.toSorted());
});

test('counts are whole and not below 0; amounts may be any number; measurements may be none of the numbers', () => {
  const numbers = asked.filter(({ value }) => typeof value === 'number');
  const taking = (...others: unknown[]): Set<string> =>
    new Set(numbers.filter((place) => others.every((other) => typeof place.with(other) !== 'string')).map(({ name }) => name)); // prettier-ignore
  const counts = [
    ...['start.seq', 'start.attempt', 'start.engine.threads', 'start.parameters.total', 'start.parameters.shared'],
    ...['start.parameters.byTask.*', 'start.samples.train', 'start.samples.validation', 'start.samples.test'],
    ...['start.samples.labelled.*.train', 'start.samples.labelled.*.validation', 'start.samples.labelled.*.test'],
    ...['start.stepsPerEpoch', 'start.epochs', 'start.acceptedChanges.*.attempt', 'start.acceptedChanges.*.step'],
    ...['start.resumedFrom.step', 'start.resumedFrom.epoch', 'progress.seq', 'step.seq', 'step.step', 'step.steps'],
    ...['step.epoch', 'gradients.seq', 'gradients.step', 'epoch.seq', 'epoch.epoch', 'best.seq', 'best.epoch'],
    ...['checkpoint.seq', 'checkpoint.step', 'checkpoint.bytes', 'state.seq', 'warning.seq', 'affinity.seq'],
    ...['affinity.step', 'end.seq', 'end.best.epoch'],
  ];
  const versions = records.map((record) => `${String(record['kind'])}.v`);
  const isCount = (name: string): boolean => counts.includes(name);
  for (const { name } of numbers) {
    if (versions.includes(name)) continue;
    assert.equal(taking(-1).has(name), !isCount(name), `${name}: -1`);
    assert.equal(taking(0.5).has(name), !isCount(name), `${name}: 0.5`);
    assert.ok(taking(0, 2 ** 53 - 1).has(name), `${name}: 0`);
    assert.equal(taking(2 ** 53).has(name), !isCount(name), `${name}: 2 ** 53`);
  }
  const measured = [
    ...['step.losses.*', 'step.weights.*', 'step.total', 'step.objective', 'step.penalty', 'step.learningRate'],
    ...['gradients.norms.*', 'gradients.cosines.*.*', 'gradients.observed.*.*', 'epoch.train.losses.*'],
    ...['epoch.train.metrics.*.*', 'epoch.validation.losses.*', 'epoch.validation.metrics.*.*'],
    ...['epoch.validation.total', 'epoch.validation.skill', 'best.value', 'affinity.mean.*.*', 'affinity.sd.*.*'],
    ...['affinity.cosines.*.*', 'end.best.value', 'end.test.losses.*', 'end.test.metrics.*.*'],
  ];
  for (const text of ['NaN', 'Infinity', '-Infinity']) {
    assert.deepEqual([...taking(text)].toSorted(), measured.toSorted(), text);
  }
  assert.deepEqual([...taking('nan')], []);
});

test('words are those that are known', () => {
  const words: Readonly<Record<string, readonly string[]>> = {
    'state.state': ['paused', 'resumed', 'stopping'],
    'warning.severity': ['information'],
    'end.status': ['completed', 'early-stopped', 'stopped', 'failed'],
  };
  for (const place of asked) {
    const known = words[place.name];
    if (known === undefined) continue;
    for (const word of known) assert.notEqual(typeof place.with(word), 'string', word);
    refused(place, place.with('other'), 'other');
  }
});

test('what is no record of this version is refused in words', () => {
  const [, progress] = records;
  assert.equal(validateRecord([]), 'the record is not an object');
  assert.equal(validateRecord({ ...progress, v: 2 }), "the record's version 2 is not 1");
  assert.equal(validateRecord({ ...progress, seq: -1 }), "the record's seq is not a count");
  assert.equal(validateRecord({ ...progress, t: 'now' }), "the record's t is not a number");
  for (const kind of ['other', 3, undefined, 'constructor']) {
    assert.equal(validateRecord({ ...progress, kind }), `the kind ${JSON.stringify(kind)} is unknown`);
  }
  assert.equal(validateRecord({ ...progress, done: '1' }), "the record's done is not a number");
  const step = records[2];
  assert.equal(validateRecord({ ...step, losses: { a: 'x' } }), 'the record\'s losses.a is not a number or "NaN", "Infinity", "-Infinity"'); // prettier-ignore
  assert.equal(validateRecord({ ...records[9], mean: [[1], 2] }), "the record's mean[1] is not a list");
  assert.equal(parseRecord('{'), 'the line is not JSON');
  // A newer writer may say more.
  assert.deepEqual(validateRecord({ ...progress, more: 1 }), { ...progress, more: 1 });
});

test('a record is one line: the header, then the body in its order', () => {
  const line = encodeRecord(7, 1234, { kind: 'step', ...{ losses: new Map([['10', NaN], ['2', -Infinity]]) } } as never); // prettier-ignore
  assert.equal(line, '{"v":1,"seq":7,"t":1234,"kind":"step","losses":{"10":"NaN","2":"-Infinity"}}');
});
