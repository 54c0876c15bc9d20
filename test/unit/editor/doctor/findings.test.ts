// What the doctor's page says of a machine, and what it offers to do about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findingsOf,
  findingsText,
  readAnswer,
  type DoctorAnswer,
  type EngineAnswer,
  type Surroundings,
} from '../../../../src/editor/doctor/findings.ts';

const t = (text: string, ...values: readonly unknown[]): string =>
  text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]));

const native: EngineAnswer = {
  ...{ name: 'native', available: false, device: '', version: '', detail: '', suitable: true },
  reason: 'Not installed.',
};
const installed: EngineAnswer = {
  ...{ name: 'native', available: true, device: 'cpu', version: 'TensorFlow 2.21', suitable: true },
  ...{ detail: '853 MB in /home/a', reason: '' },
};
const embedded: EngineAnswer = {
  ...{ name: 'wasm', available: true, device: 'cpu', version: '4.22.0', detail: 'embedded', suitable: false },
  reason: '',
};
const here: Surroundings = {
  ...{ engineSetting: 'auto', trusted: true, python: { command: '/usr/bin/python3', pip: '23.2' }, gpus: [] },
  ...{ processors: 8, freeMemory: '6 GB', totalMemory: '16 GB' },
};
const of = (engines: readonly EngineAnswer[], around: Partial<Surroundings> = {}, chosen: string | null = 'wasm') => {
  const answer: DoctorAnswer = { engines, chosen };
  return findingsOf(t, answer, { ...here, ...around });
};
const line = (findings: ReturnType<typeof findingsOf>, title: string) => {
  const found = findings.filter((one) => one.title === title);
  assert.equal(found.length, 1, `one line on ${title}`);
  return [found[0]?.state, found[0]?.detail, found[0]?.action];
};

test('a machine without the native engine trains on the embedded one, and may install', () => {
  const findings = of([native, embedded]);
  assert.deepEqual(
    findings.map(({ title }) => title),
    ['Training', 'Native engine', 'Embedded engine', 'Python', 'Machine', 'Workspace'],
  );
  assert.deepEqual(line(findings, 'Training'), ['ok', 'Takes wasm · cpu · 4.22.0.', null]);
  assert.deepEqual(line(findings, 'Native engine'), ['note', 'Not installed.', 'install']);
  assert.deepEqual(line(findings, 'Embedded engine'), ['ok', '4.22.0 · embedded', null]);
  assert.equal(findings.some(({ state }) => state === 'problem'), false); // prettier-ignore
});

test('an engine that is there and does not work is a problem; a machine that it is not made for gets no button', () => {
  const broken = { ...native, version: 'TensorFlow 2.21', reason: 'A library was changed.' };
  assert.deepEqual(line(of([broken, embedded]), 'Native engine'), ['problem', 'A library was changed.', 'install']);
  const other = { ...native, suitable: false, reason: 'Not made for Windows.' };
  assert.deepEqual(line(of([other, embedded]), 'Native engine'), ['note', 'Not made for Windows.', null]);
  const works = of([installed, embedded], {}, 'native');
  assert.deepEqual(line(works, 'Native engine'), ['ok', 'TensorFlow 2.21 · 853 MB in /home/a', null]);
  assert.deepEqual(line(works, 'Training'), ['ok', 'Takes native · cpu · TensorFlow 2.21.', null]);
});

test('no engine, no answer, and a setting that asks for what is not there', () => {
  const damaged = { ...embedded, available: false, reason: 'The file is missing.' };
  const none = of([native, damaged], {}, null);
  assert.deepEqual(line(none, 'Training'), ['problem', 'No engine can train here.', 'log']);
  assert.deepEqual(line(none, 'Embedded engine'), ['problem', 'The file is missing.', 'log']);
  const silent = findingsOf(t, undefined, here);
  assert.deepEqual(line(silent, 'Training'), [
    ...['problem', 'The engines could not be looked at; the log says why.', 'log'],
  ]);
  assert.deepEqual(line(of([native, embedded], { engineSetting: 'native' }), 'Training'), [
    'problem',
    'The setting "mtl.training.engine" asks for the engine "native", which is not there.',
    'engine',
  ]);
  // The setting is what is taken, also where "auto" would take another one.
  assert.deepEqual(line(of([installed, embedded], { engineSetting: 'wasm' }, 'native'), 'Training'), [
    ...['ok', 'Takes wasm · cpu · 4.22.0.', null],
  ]);
});

test('a GPU is told where the system has one: used, not used and why, or what it needs', () => {
  const gpus = ['NVIDIA A', 'NVIDIA B'];
  assert.deepEqual(line(of([native, embedded], { gpus }), 'GPU'), [
    ...['note', 'NVIDIA A, NVIDIA B needs the native engine.', 'install'],
  ]);
  assert.deepEqual(line(of([installed, embedded], { gpus }, 'native'), 'GPU'), [
    ...['note', 'NVIDIA A, NVIDIA B is not used: 853 MB in /home/a', 'install'],
  ]);
  const used = { ...installed, device: 'NVIDIA A' };
  assert.deepEqual(line(of([used, embedded], { gpus }, 'native'), 'GPU'), ['ok', 'NVIDIA A is used.', null]);
});

test('Python matters for an installation alone, and is not started in Restricted Mode', () => {
  const problem = { problem: 'There is no Python on the PATH.' };
  assert.deepEqual(line(of([native, embedded], { python: problem }), 'Python'), ['note', problem.problem, 'python']);
  assert.deepEqual(line(of([installed, embedded], { python: problem }), 'Python'), ['ok', problem.problem, 'python']);
  assert.deepEqual(line(of([native, embedded]), 'Python'), [
    ...['ok', '/usr/bin/python3 with pip 23.2; it is used to fetch the native engine only.', null],
  ]);
  const restricted = of([native, embedded], { trusted: false, python: null });
  assert.deepEqual(line(restricted, 'Python'), ['note', 'Not looked for in Restricted Mode.', null]);
  assert.equal(line(restricted, 'Workspace').at(-1), 'trust');
  assert.deepEqual(line(restricted, 'Machine'), ['ok', '8 processors; 6 GB of 16 GB memory are free.', null]);
});

test('the answer of the command is read, another one is none', () => {
  const written = {
    v: 1,
    engines: [
      { name: 'native', available: false, device: '', version: '', detail: '', reason: 'No.', addon: 'prebuilt' },
      { name: 'wasm', available: true, device: 'cpu', version: '4', detail: 'embedded' },
      'x',
    ],
    chosen: 'wasm',
  };
  const answer = readAnswer(JSON.stringify(written));
  assert.ok(answer);
  assert.deepEqual(answer.engines[0], { ...native, reason: 'No.' });
  assert.deepEqual(answer.engines[1], { ...embedded, version: '4' });
  assert.deepEqual([answer.engines.length, answer.chosen], [2, 'wasm']);
  assert.equal(readAnswer(JSON.stringify({ ...written, chosen: null }))?.chosen, null);
  for (const other of ['', '{', 'null', '[]', '{"v":2,"engines":[]}', '{"v":1}', '{"v":1,"engines":{}}']) {
    assert.equal(readAnswer(other), undefined, other);
  }
});

test('as text it is a line a finding, below what program it is', () => {
  const text = findingsText('MTL Workbench 1', of([{ ...native, version: 'x' }, embedded]).slice(0, 3));
  assert.equal(
    text,
    'MTL Workbench 1\n✓ Training: Takes wasm · cpu · 4.22.0.\n✗ Native engine: Not installed.\n✓ Embedded engine: 4.22.0 · embedded',
  );
});
