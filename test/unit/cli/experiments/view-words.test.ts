/** What is shown of an experiment in both languages, and of runs and plans that have changed meanwhile. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { ExperimentProgress } from '../../../../src/cli/experiments/view.ts';
import { setLanguage } from '../../../../src/cli/language.ts';
import type { LedgerBody } from '../../../../src/experiment/driver/ledger.ts';
import type { DriverStatus } from '../../../../src/experiment/driver/status.ts';

afterEach(() => setLanguage('en'));

function inBoth<T>(shown: () => T): readonly [en: T, zh: T] {
  setLanguage('en');
  const en = shown();
  setLanguage('zh');
  return [en, shown()];
}

const status: DriverStatus = {
  ...{ v: 1, token: 't', t: 0, mode: 'running', pending: 4, remaining: 190, atMost: true, slots: 2 },
  counts: { done: 1, failed: 2, pruned: 3, running: 1, waiting: 5 },
  arms: [],
  ...{ running: [], why: text('no memory', '内存不足'), last: { run: 'x', arm: 'joint', seed: 3, state: 'pruned' } },
};

function progressOf(...bodies: readonly LedgerBody[]) {
  const progress = new ExperimentProgress('p');
  const lines = bodies.map((body, seq) => progress.take({ v: 1, seq, t: 0, ...body }));
  return { progress, lines };
}
const shownOf = (body: LedgerBody) => inBoth(() => progressOf(body).lines[0]);
const submit = (run: string): LedgerBody => ({
  ...{ kind: 'submit', stage: 's', spec: 'x', resume: false, arm: 'a', task: null, seed: 1 },
  run,
});
const end = (run: string, state: 'done' | 'failed' | 'pruned'): LedgerBody => ({
  ...{ kind: 'end', failure: null, reason: null, seconds: 2 },
  run,
  state,
});

test('the headline says all of it', () => {
  const view = new ExperimentProgress('p');
  assert.deepEqual(
    inBoth(() => view.headline(status)),
    [
      'p  1 of at most 16 done, 2 failed, 3 cut, 1 running, 9 left; at most about 3 min left (no memory)',
      'p  已完成 1/最多 16，失败 2，剪枝 3，进行中 1，剩余 9；剩余时间最多约 3 分钟（内存不足）',
    ],
  );
  const plain = { ...status, why: null, pending: 0 };
  const ending = (changes: Partial<DriverStatus>) =>
    inBoth(() => view.headline({ ...plain, ...changes }).split(/; |；/)[1]);
  assert.deepEqual(ending({ mode: 'paused' }), ['paused', '已暂停']);
  assert.deepEqual(ending({ mode: 'stopping' }), ['stopping', '正在停止']);
  assert.deepEqual(ending({ remaining: null }), [
    'remaining time unknown until a run has finished',
    '首次运行完成前无法估计剩余时间',
  ]);
  // One failed and one cut run are told as well.
  assert.match(view.headline({ ...plain, counts: { ...status.counts, failed: 1, pruned: 1 } }), /失败 1，剪枝 1/);
});

test('the table says what comes first and last', () => {
  const view = new ExperimentProgress('p');
  assert.deepEqual(
    inBoth(() => view.table(null, 80)),
    [['p  beginning …'], ['p  正在开始 …']],
  );
  assert.deepEqual(view.table(null, 5).length, 1);
  assert.ok((view.table(null, 5)[0] ?? '').length <= 5);
  const arms = Array.from({ length: 13 }, (_, index) => ({ ...status.counts, arm: `a${String(index)}` }));
  const [en, zh] = inBoth(() => view.table({ ...status, arms }, 200));
  assert.equal(en.length, 1 + 1 + 12 + 1 + 1);
  assert.deepEqual(
    [en, zh].map((lines) => (lines[1] ?? '').split(/ +/)),
    [
      ['arm', 'done', 'failed', 'running', 'left'],
      ['实验组', '完成', '失败', '进行中', '剩余'],
    ],
  );
  assert.match(en[13] ?? '', /^a11 +1\+3 +2 +1 +5$/);
  assert.deepEqual(
    [en.slice(-2), zh.slice(-2)],
    [
      ['… and 1 more arms', 'last: joint 3 cut'],
      ['… 另有 1 个实验组', '最近：joint 3 已剪枝'],
    ],
  );
  const twelve = view.table({ ...status, arms: arms.slice(1), last: null }, 200);
  assert.equal(twelve.length, 1 + 1 + 12, 'neither more arms nor a last run');
});

test('each record in both languages', () => {
  const reason = text('no rows', '没有行');
  const start = { kind: 'start', driver: 2, executor: 'local', jobs: null, slots: 2, version: '1' } as const;
  const line = (body: LedgerBody) => shownOf(body).map((shown) => shown?.line);
  assert.deepEqual(line({ ...start, says: text('two chips', '两个芯片') }), [
    'Up to 2 runs at once (local: two chips)',
    '最多同时运行 2 次（local：两个芯片）',
  ]);
  assert.deepEqual(line({ kind: 'retry', run: 'r', attempt: 1, reason }), [
    'r: tried again: no rows',
    'r：重试：没有行',
  ]);
  assert.deepEqual(line({ kind: 'pruned', run: 'r', epoch: 1, reason }), ['r: no rows', 'r：没有行']);
  assert.deepEqual(line({ kind: 'pause', by: 'terminal' }), ['Paused.', '已暂停。']);
  assert.deepEqual(line({ kind: 'resume', by: 'terminal' }), ['Goes on.', '继续进行。']);
  const death = { kind: 'death', run: 'r', attempt: 1, step: 2, code: null, signal: null } as const;
  assert.deepEqual(line(death), [
    'r: its process was ended; it goes on from its checkpoint',
    'r：进程被终止，从检查点继续',
  ]);
  assert.deepEqual(line({ ...death, code: 3 }), [
    'r: its process was ended (exit code 3); it goes on from its checkpoint',
    'r：进程被终止（退出码 3），从检查点继续',
  ]);
  assert.equal(shownOf({ ...death, signal: 'SIGKILL' })[0]?.result, false);
  assert.deepEqual(
    (['done', 'failed', 'pruned'] as const).flatMap((state) => line(end('r', state))),
    ['r  done, 2.0 s', 'r  已完成，2.0 s', 'r  failed, 2.0 s', 'r  失败，2.0 s', 'r  cut, 2.0 s', 'r  已剪枝，2.0 s'],
  );
});

test('a plan that was changed is told, and the runs that are no more of it do not count', () => {
  const mark = { sha256: 'a' } as never;
  const changes = text('one arm more', '多一个实验组');
  const deviation: LedgerBody = { kind: 'deviation', before: mark, after: mark, changes, counted: 1, of: 2 };
  assert.equal(progressOf().progress.deviated, false);
  const { progress, lines } = progressOf(deviation, submit('x'), end('x', 'done'), submit('y'), end('y', 'failed'));
  assert.equal(progress.deviated, true);
  assert.deepEqual(lines[0], { line: 'The plan was changed: one arm more.', result: false });
  assert.equal(shownOf(deviation)[1]?.line, '计划已更改：多一个实验组。');
  assert.deepEqual(
    inBoth(() => progress.closing(new Set(['x']))),
    [
      ['1 run has ended: 1 done, 0 failed.', '1 earlier run is of a plan that was changed, and counts no more.'],
      ['已结束 1 次运行：完成 1 次，失败 0 次。', '另有 1 次较早的运行属于更改前的计划，不再计入。'],
    ],
  );
  assert.deepEqual(
    inBoth(() => progress.closing(new Set(['x', 'y']))),
    [
      ['2 runs have ended: 1 done, 1 failed.', 'a 1  failed, 2.0 s'],
      ['已结束 2 次运行：完成 1 次，失败 1 次。', 'a 1  失败，2.0 s'],
    ],
  );
  const cut = progressOf(end('z', 'pruned')).progress;
  assert.deepEqual(
    inBoth(() => cut.closing()),
    [['1 run has ended: 0 done, 0 failed, 1 cut.'], ['已结束 1 次运行：完成 0 次，失败 0 次，剪枝 1 次。']],
  );
});
