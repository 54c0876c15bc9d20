import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import os from 'node:os';
import { after, before, test, type TestContext } from 'node:test';
import esbuild from 'esbuild';
import { forNode } from '../../../../scripts/lib/bundles.mjs';
import { ComparisonThread } from '../../../../src/editor/experiments/comparison-thread.ts';
import type { Compared, Found } from '../../../../src/editor/experiments/comparison-source.ts';
import { stampOf } from '../../../../src/editor/experiments/stamps.ts';
import type { Progress } from '../../../../src/messages/comparison.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';

let folder = '';
let file = '';
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-thread-'));
  file = path.join(folder, 'comparison.cjs');
  await esbuild.build(forNode('src/editor/experiments/comparison-worker.ts', file, { production: false }));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const text = specText({ replicates: 2, arms: [{ id: 'joint' }, { id: 'single', auto: 'single-task' }] });

interface Heard {
  readonly thread: ComparisonThread;
  readonly progress: Progress[];
  readonly found: Found[];
  readonly failed: string[];
  /** The next thing that it finds, or that goes wrong. */
  readonly next: () => Promise<void>;
}

function listen(context: TestContext, compared: Compared): Heard {
  const heard = { progress: [] as Progress[], found: [] as Found[], failed: [] as string[] };
  let arrived: () => void = () => undefined;
  const thread = new ComparisonThread(file, compared, {
    onProgress: (progress) => void heard.progress.push(progress),
    onFound: (found) => {
      heard.found.push(found);
      arrived();
    },
    onFailure: (detail) => {
      heard.failed.push(detail);
      arrived();
    },
  });
  context.after(() => thread.dispose());
  const next = (): Promise<void> => new Promise((resolve) => (arrived = resolve));
  return { thread, ...heard, next };
}

test('tells how far it is, then what it found; the same comparison is the same object', async (context) => {
  const { directory } = makePlace(quickFolder(context), text);
  const { thread, progress, found, failed, next } = listen(context, { experiment: directory });
  assert.equal(thread.idle, true);
  thread.ask({ baseline: null, reveal: false });
  assert.equal(thread.idle, false, 'busy');
  await next();
  assert.deepEqual(progress, [found[0]?.progress]);
  assert.deepEqual(found[0]?.comparison?.arms.map(({ id }) => id), ['joint', 'single']); // prettier-ignore
  thread.ask({ baseline: null, reveal: false });
  await next();
  assert.equal(found[1]?.comparison, found[0].comparison);
  assert.equal(found[1].surface, found[0].surface);
  // Two questions meanwhile are one afterwards: the last.
  thread.ask({ baseline: 'single', reveal: false });
  thread.ask({ baseline: 'nobody', reveal: true });
  thread.ask({ baseline: 'joint', reveal: false });
  await next();
  assert.equal(found[2]?.comparison?.baseline, 'single');
  await next();
  assert.equal(found[3]?.comparison?.baseline, 'joint');
  assert.equal(found.length, 4);
  assert.deepEqual(failed, []);
});

test('what cannot be read is a problem, not a failure; what was given before stays', async (context) => {
  const { directory } = makePlace(quickFolder(context), text);
  const { thread, found, next } = listen(context, { experiment: directory });
  fs.writeFileSync(path.join(directory, 'plan.json'), '{');
  thread.ask({ baseline: null, reveal: false });
  await next();
  assert.deepEqual([found[0]?.comparison, found[0]?.progress], [null, null]);
  assert.match(found[0]?.problem?.en ?? '', /damaged/);
});

test('runs that are none', async (context) => {
  const empty = quickFolder(context);
  const { thread, found, failed, next } = listen(context, { runs: [path.join(empty, 'none')] });
  thread.ask({ baseline: null, reveal: false });
  await next();
  assert.equal(failed.length + found.length, 1);
  assert.equal(found[0]?.comparison ?? null, null);
});

test('stamps change with plan, ledger and status of an experiment, with the results of runs', (context) => {
  const { directory } = makePlace(quickFolder(context), text);
  const stamps = [stampOf({ experiment: directory })];
  for (const name of ['plan.json', 'ledger.ndjson', 'status.json']) {
    fs.writeFileSync(path.join(directory, name), '{}');
    stamps.push(stampOf({ experiment: directory }));
  }
  assert.equal(new Set(stamps).size, 4);
  assert.equal(stampOf({ experiment: directory }), stamps[3]);
  const [one, two] = ['one', 'two'].map((name) => path.join(directory, name));
  assert.ok(one !== undefined && two !== undefined);
  const runs = { runs: [one, two] };
  const before = stampOf(runs);
  fs.mkdirSync(two);
  fs.writeFileSync(path.join(two, 'result.json'), '{}');
  assert.notEqual(stampOf(runs), before);
});
