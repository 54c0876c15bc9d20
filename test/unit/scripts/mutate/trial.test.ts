import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from '../../../../scripts/lib/mutate/faults.ts';
import { entryOf, judgedEquivalent, type Judged } from '../../../../scripts/lib/mutate/judged.ts';
import { share, survivors, table } from '../../../../scripts/lib/mutate/report.ts';
import { isPure, testFiles } from '../../../../scripts/lib/mutate/scope.ts';
import { mirrors, type Outcome } from '../../../../scripts/lib/mutate/trial.ts';
import { inParallel } from '../../../../scripts/lib/mutate/run-test.ts';
import judged from '../../../equivalent-faults.json' with { type: 'json' };

const [fault] = faultsOf('src/plan/x.ts', 'f();\n  const  a = b < c;\n').filter(({ kind }) => kind === 'boundary');
assert.ok(fault);

test('a fault is known again when its line has moved', () => {
  const list: Judged[] = [{ ...entryOf(fault), reason: 'b is never c' }];
  const [moved] = faultsOf('src/plan/x.ts', '\n\n\nconst a = b < c;\n').filter(({ kind }) => kind === 'boundary');
  assert.ok(moved);
  assert.equal(judgedEquivalent(moved, list), 'b is never c');
  assert.equal(judgedEquivalent({ ...moved, file: 'src/plan/y.ts' }, list), undefined);
  assert.equal(judgedEquivalent({ ...moved, text: '>' }, list), undefined);
  assert.equal(judgedEquivalent({ ...moved, kind: 'comparison' }, list), undefined);
});

test('the list of faults judged equivalent gives a reason for each', () => {
  for (const { reason, file } of judged as readonly Judged[]) assert.ok(reason.trim().length > 10, file);
});

test('which test mirrors a file', () => {
  const of = (test: string, file: string): boolean => mirrors(test, file);
  assert.ok(of('test/unit/plan/problems/columns.test.ts', 'src/plan/problems/columns.ts'));
  assert.ok(of('test/unit/plan/sharing.test.ts', 'src/plan/sharing/wiring.ts'));
  assert.ok(of('test/unit/webview/losses/sources.test.ts', 'webview/losses/sources.ts'));
  assert.ok(!of('test/unit/plan/columns.test.ts', 'src/plan/problems/columns.ts'));
  assert.ok(!of('test/unit/plan/sharing/sequences.test.ts', 'src/plan/graph.ts'));
});

test('the report counts what is not equivalent', () => {
  const base = { fault, tried: 2, of: 3 };
  const outcomes: Outcome[] = [
    { ...base, verdict: 'killed', by: 'test/unit/plan/x.test.ts', distance: 0 },
    { ...base, verdict: 'killed', by: 'test/unit/cli/y.test.ts', distance: 3 },
    { ...base, verdict: 'equivalent', reason: 'b is never c' },
    { ...base, verdict: 'survived' },
  ];
  assert.equal(share(outcomes), 2 / 3);
  assert.equal(share([]), 1);
  const lines = table(outcomes).split('\n');
  assert.match(lines[1] ?? '', /^src\/plan +4 +1 +1 +1 +1$/);
  assert.match(lines.at(-1) ?? '', /^all +4 +1 +1 +1 +1$/);
  assert.deepEqual(survivors(outcomes), ['src/plan/x.ts:2 boundary: const a = b < c;  [< → <=]  (2 of 3 tests)']);
});

test('faults go where a process of Node can notice them', () => {
  const texts: Readonly<Record<string, string>> = {
    'src/editor/a.ts': "import * as vscode from 'vscode';",
    'src/editor/b.ts': "import type { Uri } from 'vscode';",
    'webview/c.ts': 'document.body.append(x);',
    'webview/d.ts': 'export const windowOf = 1;',
    'test/e.ts': '',
  };
  const pure = Object.keys(texts).filter((file) => isPure(file, (each) => texts[each] ?? ''));
  assert.deepEqual(pure, ['src/editor/b.ts', 'webview/d.ts']);
  const tests = [
    'test/unit/a.test.ts',
    'test/unit/trainer/leaks.test.ts',
    'test/e2e/b.test.ts',
    'test/unit/helpers.ts',
  ];
  assert.deepEqual(testFiles(tests), ['test/unit/a.test.ts']);
});

test('work in parallel ends when no more is wanted', async () => {
  const seen: number[] = [];
  const enough = new AbortController();
  await inParallel(
    [1, 2, 3, 4, 5],
    2,
    async (item) => {
      await Promise.resolve();
      seen.push(item);
      if (item === 2) enough.abort();
    },
    enough.signal,
  );
  assert.deepEqual(seen, [1, 2]);
  const all: number[] = [];
  await inParallel([1, 2, 3], 2, (item) => Promise.resolve(void all.push(item)));
  assert.deepEqual(all, [1, 2, 3]);
});
