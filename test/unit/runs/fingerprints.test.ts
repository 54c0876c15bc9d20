import { text } from '../../../src/common/text.ts';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { createAttempt, readAttempt, endAttempt } from '../../../src/runs/attempts.ts';
import {
  engineToResume,
  formerEngine,
  formerThreads,
  lastStart,
  readFingerprints,
  refuseDamaged,
  refuseEvaluation,
  refuseOtherEngine,
  refuseResume,
  writeFingerprints,
  type Fingerprints,
} from '../../../src/runs/fingerprints.ts';
import { glance } from '../../../src/runs/list.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { encodeRecord } from '../../../src/runs/records.ts';
import { startBody, stepBody, temporaryFolder } from './helpers.ts';

const fingerprints: Fingerprints = {
  v: 1,
  attempt: 3,
  files: [
    { path: 'a.csv', bytes: 3, sha256: 'aa' },
    { path: 'mine.mjs', sha256: 'bb' },
  ],
  engine: { name: 'native', version: 'TensorFlow 2', device: 'cpu', threads: 2 },
  accepted: [
    {
      attempt: 2,
      step: 7,
      change: {
        kind: 'file',
        path: 'a.csv',
        change: 'grew',
        before: { bytes: 2, sha256: 'a' },
        after: { bytes: 3, sha256: 'aa' },
      },
    },
    {
      attempt: 3,
      step: 9,
      change: { kind: 'file', path: 'b.csv', change: 'missing', before: { sha256: 'b' }, after: null },
    },
    { attempt: 3, step: 9, change: { kind: 'threads', before: 1, after: 2 } },
    { attempt: 3, step: 9, change: { kind: 'engine', before: 'wasm', after: 'native' } },
  ],
};

test('fingerprints are read back as they were written', (context) => {
  const directory = temporaryFolder(context);
  assert.equal(readFingerprints(directory), null);
  writeFingerprints(directory, fingerprints);
  assert.deepEqual(readFingerprints(directory), fingerprints);
  const { version: _, ...engine } = fingerprints.engine;
  writeFingerprints(directory, { ...fingerprints, engine });
  assert.deepEqual(readFingerprints(directory), { ...fingerprints, engine });
});

test('every kind of change that was accepted is read back', (context) => {
  const directory = temporaryFolder(context);
  const facts = { sha256: 'a' };
  const files = (['changed', 'grew', 'missing', 'added'] as const).map(
    (change) => ({ kind: 'file', path: 'a.csv', change, before: facts, after: facts }) as const,
  );
  const engines = (['engine', 'engine-version', 'device', 'threads'] as const).map(
    (kind) => ({ kind, before: 'x', after: 'y' }) as const,
  );
  for (const change of [...files, ...engines]) {
    const one = { ...fingerprints, accepted: [{ attempt: 0, step: 0, change }] };
    writeFingerprints(directory, one);
    assert.deepEqual(readFingerprints(directory), one);
  }
});

test('up to 16 MB are read, more is damaged', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'fingerprints.json');
  writeFingerprints(directory, fingerprints);
  const content = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, content.padEnd(16 * 1024 * 1024));
  assert.deepEqual(readFingerprints(directory), fingerprints);
  fs.appendFileSync(file, ' ');
  assert.equal(readFingerprints(directory), 'damaged');
});

test('whatever is wrong with them, they are damaged and not absent', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'fingerprints.json');
  writeFingerprints(directory, fingerprints);
  const good = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  const wrong: readonly unknown[] = [
    null,
    [],
    { ...good, v: 2 },
    { ...good, attempt: 'x' },
    { ...good, files: {} },
    { ...good, files: [{ path: 'a.csv' }] },
    { ...good, files: [{ path: 1, sha256: 'a' }] },
    { ...good, files: [{ path: 'a.csv', sha256: 'a', bytes: -1 }] },
    { ...good, engine: null },
    { ...good, engine: { name: 'wasm', device: 'cpu', threads: 1.5 } },
    { ...good, engine: { name: 'wasm', version: 2, device: 'cpu', threads: 1 } },
    { ...good, accepted: [{ attempt: 1, step: 2, kind: 'weather', before: 1, after: 2 }] },
    {
      ...good,
      accepted: [{ attempt: 1, step: 2, kind: 'file', path: 'a', change: 'moved', before: null, after: null }],
    },
    { ...good, accepted: [{ attempt: 1, kind: 'threads', before: 1, after: 2 }] },
    { ...good, accepted: [{ attempt: 1, step: 2, kind: 'threads', before: null, after: 2 }] },
  ];
  for (const value of wrong) {
    fs.writeFileSync(file, JSON.stringify(value));
    assert.equal(readFingerprints(directory), 'damaged', JSON.stringify(value));
  }
  fs.writeFileSync(file, '{"v":1');
  assert.equal(readFingerprints(directory), 'damaged');
  fs.rmSync(file);
  fs.symlinkSync('/etc/hostname', file);
  assert.equal(readFingerprints(directory), 'damaged');
});

function newRun(root: string): string {
  return createRun({ text: '{}', resolved: {}, specFile: path.join(root, 'x.mtl.json'), root, name: 'x' });
}

const write = (directory: string, ...bodies: Parameters<typeof encodeRecord>[2][]): void =>
  fs.writeFileSync(
    path.join(directory, 'events.ndjson'),
    bodies.map((body, seq) => `${encodeRecord(seq, Date.now(), body)}\n`).join(''),
  );

test('the engine of the last start: as its fingerprints say, else as its record does', (context) => {
  const directory = newRun(temporaryFolder(context));
  assert.equal(lastStart(directory), null);
  assert.equal(formerEngine(directory), null);
  assert.equal(formerThreads(directory), undefined);
  const body = startBody(1);
  assert.ok(body.kind === 'start');
  const native = { ...body.engine, name: 'native', threads: 3 };
  write(directory, startBody(1), stepBody(1), { ...body, attempt: 2, engine: native }, stepBody(2));
  assert.equal(lastStart(directory)?.attempt, 2);
  assert.deepEqual(formerEngine(directory), { name: 'native', device: 'cpu', threads: 3 });
  assert.equal(formerThreads(directory), 3);
  writeFingerprints(directory, fingerprints);
  assert.deepEqual(formerEngine(directory), fingerprints.engine);
  assert.equal(formerThreads(directory), 2);
  writeFingerprints(directory, { ...fingerprints, engine: { name: 'wasm', device: 'cpu', threads: 1 } });
  assert.equal(formerThreads(directory), undefined, 'the embedded engine has no say in it');
});

test('a resume asks for what the person says, else leaves the run the engine that it has', (context) => {
  const directory = newRun(temporaryFolder(context));
  assert.equal(engineToResume(directory, undefined), 'auto');
  const asked = { engine: 'native', root: '.', allowOutside: false, keepAliveMinutes: 0 };
  createAttempt(directory, asked, {});
  assert.equal(engineToResume(directory, undefined), 'native', 'it never began: as it was first asked for');
  writeFingerprints(directory, fingerprints);
  assert.equal(engineToResume(directory, undefined), 'auto');
  assert.equal(engineToResume(directory, 'wasm'), 'wasm');
});

test('a start that was refused leaves the run what it was', (context) => {
  const directory = newRun(temporaryFolder(context));
  const asked = { engine: 'auto', root: '.', allowOutside: false, keepAliveMinutes: 0, acceptChanges: true };
  const first = createAttempt(directory, asked, {});
  assert.equal(readAttempt(directory, 1)?.acceptChanges, true);
  const end = { kind: 'end', status: 'stopped', seconds: 1 } as const;
  write(directory, startBody(1), stepBody(1), end);
  endAttempt(directory, first.attempt, { status: 'stopped' });
  assert.equal(glance(directory).state, 'stopped');
  const second = createAttempt(directory, { ...asked, acceptChanges: false }, {});
  assert.equal(readAttempt(directory, 2)?.acceptChanges, undefined);
  // It took long to hash its files, which was told.
  write(directory, startBody(1), stepBody(1), end, { kind: 'progress', phase: 'compare', done: 1, total: 2 });
  const changes = { en: 'a', zh: '甲' };
  endAttempt(directory, second.attempt, { status: 'refused', message: 'in English', zh: '中文', changes });
  assert.deepEqual(readAttempt(directory, 2)?.ended, { status: 'refused', message: 'in English', zh: '中文', changes });
  assert.equal(glance(directory).state, 'stopped');
});

test('refusals say what has changed and what next, in both languages, and nothing was started', () => {
  const change = { kind: 'engine', before: 'wasm', after: 'native' } as const;
  for (const error of [
    refuseResume([change]),
    refuseOtherEngine('native', text('it is not installed', '未安装')),
    refuseDamaged(),
  ]) {
    assert.deepEqual([error.code, error.exitCode], ['changed', 2]);
    assert.match(error.message, /not resumed.*--accept-changes/);
    assert.match(error.text.zh, /未继续此运行.*--accept-changes/);
    assert.ok(error.message.includes(error.changes.en) && error.text.zh.includes(error.changes.zh));
  }
  assert.match(refuseResume([change]).message, /the engine was wasm and is native/);
  assert.match(
    refuseOtherEngine('native', text('it is not installed', '未安装')).message,
    /engine \(native\).*it is not installed/,
  );
  const evaluation = refuseEvaluation([change]);
  assert.deepEqual([evaluation.code, evaluation.exitCode], ['changed', 2]);
  assert.match(evaluation.message, /data have changed.*wasm.*--data/);
  assert.match(evaluation.text.zh, /数据.*已改变.*--data/);
  assert.match(refuseEvaluation([]).message, /its training rows are others/);
});
