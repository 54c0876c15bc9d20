// Hypotheses in the Testing view: where they stand, what they are called, and which state says what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  claimsTheSame,
  declaredIn,
  hypothesisLabel,
  judge,
  nothingRun,
  readVerifyAnswer,
  type HypothesisOutcome,
} from '../../../../src/editor/experiments/hypothesis-text.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { spec } from '../../cli/run-cli.ts';

const withHypotheses = (list: readonly object[]): string =>
  spec.replace(/\}\s*$/, `, "experiment": { "replicates": 5, "hypotheses": ${JSON.stringify(list)} } }`);
const main = { id: 'main', claim: 'superior', measure: '10', arms: ['joint', 'single'] } as const;
const other = { id: 'weights', claim: 'equivalent', measure: '2', arms: ['single', 'joint'] } as const;

function declared(list: readonly object[]): ReturnType<typeof declaredIn> {
  const source = withHypotheses(list);
  const { spec: read } = readSpec(source);
  assert.ok(read);
  return declaredIn(source, read);
}

test('hypotheses stand where the text has them, in its order; without a section there are none', () => {
  const source = withHypotheses([main, other]);
  const found = declared([main, other]);
  assert.deepEqual(
    found.map(({ key, id, claim, measure, arms }) => ({ key, id, claim, measure, arms })),
    [
      { key: '0:main', ...main },
      { key: '0:weights', ...other },
    ],
  );
  assert.deepEqual(
    found.map(({ range }) => source.slice(range.start, range.end)),
    [JSON.stringify(main), JSON.stringify(other)],
  );
  const { spec: plain } = readSpec(spec);
  assert.ok(plain);
  assert.deepEqual(declaredIn(spec, plain), []);
});

test('two with one id are two tests', () => {
  assert.deepEqual(
    declared([main, { ...other, id: 'main' }, other, main]).map(({ key }) => key),
    ['0:main', '1:main', '0:weights', '2:main'],
  );
});

test('a test is called by its id and claim, in both languages', () => {
  assert.deepEqual(hypothesisLabel(main), {
    en: 'main: "joint" is better than "single" on 10',
    zh: 'main：“joint”在 10 上优于“single”',
  });
  assert.equal(hypothesisLabel(other).en, 'weights: "single" is equivalent to "joint" on 2');
  assert.match(hypothesisLabel({ ...main, claim: 'non-inferior' }).zh, /不差于/);
});

test('a claim is the same only if all of it is', () => {
  assert.equal(claimsTheSame(main, { ...main, arms: ['joint', 'single'] }), true);
  for (const change of [
    { id: 'x' },
    { claim: 'equivalent' as const },
    { measure: '2' },
    { arms: ['single', 'joint'] as const },
    { arms: ['joint', 'joint'] as const },
  ]) {
    assert.equal(claimsTheSame(main, { ...main, ...change }), false, JSON.stringify(change));
  }
});

const reason = { en: 'because.', zh: '因为。' };
const outcome = (result: HypothesisOutcome['result']): HypothesisOutcome => ({ ...main, result, reason });

test('supported is passed, refuted failed with its reason, undecided neither', () => {
  assert.deepEqual(judge(main, [outcome('supported')]), { state: 'passed', message: reason });
  assert.deepEqual(judge(main, [outcome('refuted')]), { state: 'failed', message: reason });
  assert.deepEqual(judge(main, [outcome('undecided')]), {
    state: 'skipped',
    message: { en: 'Undecided: because.', zh: '未定：因为。' },
  });
  assert.deepEqual(nothingRun, {
    state: 'skipped',
    message: { en: 'Undecided: the experiment has not been run yet.', zh: '未定：实验尚未运行。' },
  });
});

test('what was added or changed after the experiment was begun has no result', () => {
  const added = judge(other, [outcome('supported')]);
  assert.equal(added.state, 'skipped');
  assert.match(added.message.en, /^Not among the hypotheses that were declared when the experiment was begun/);
  assert.match(added.message.zh, /未声明/);
  const changed = judge({ ...main, arms: ['single', 'joint'] }, [{ ...outcome('supported'), id: 'x' }, outcome('supported')]); // prettier-ignore
  assert.deepEqual(changed, {
    state: 'skipped',
    message: {
      en: 'Changed since the experiment was begun, when it was: "joint" is better than "single" on 10. The runs say nothing of the new claim.',
      zh: '实验开始之后此假设有改动，原为：“joint”在 10 上优于“single”。已有运行不能说明新的主张。',
    },
  });
});

const answer = (change: object = {}, looks: unknown = null): string =>
  JSON.stringify({ v: 1, hypotheses: [{ ...outcome('refuted'), n: 5, p: 0.2, ...change }], looks });

test('the answer of mtl verify is read; what it does not write is none', () => {
  assert.deepEqual(readVerifyAnswer(answer()), { hypotheses: [outcome('refuted')], looks: null });
  assert.deepEqual(readVerifyAnswer('{"v":1,"hypotheses":[],"looks":null}'), { hypotheses: [], looks: null });
  for (const bad of ['', 'null', '[]', '{', '{"v":2,"hypotheses":[],"looks":null}', '{"v":1,"looks":null}', '{"v":1,"hypotheses":[]}']) assert.equal(readVerifyAnswer(bad), null, bad); // prettier-ignore
  const changes: readonly object[] = [
    ...[{ id: 1 }, { measure: null }, { claim: 'best' }, { claim: ['superior'] }, { result: 'maybe' }],
    ...[{ result: ['refuted'] }, { arms: 'ab' }, { arms: ['a'] }, { arms: [1, 'b'] }],
    ...[{ reason: 'x' }, { reason: { en: 'x' } }, { reason: { zh: 'x' } }],
  ];
  for (const change of changes) assert.equal(readVerifyAnswer(answer(change)), null, JSON.stringify(change));
  for (const result of ['supported', 'undecided']) assert.ok(readVerifyAnswer(answer({ result })), result);
  for (const claim of ['non-inferior', 'equivalent']) assert.ok(readVerifyAnswer(answer({ claim })), claim);
});

test('looks beyond the declared ones are told', () => {
  const looks = { count: 2, declared: 1, problem: null };
  assert.match(readVerifyAnswer(answer({}, looks))?.looks?.en ?? '', /looked at 2 times/);
  assert.equal(readVerifyAnswer(answer({}, { ...looks, count: 1 }))?.looks, null);
  assert.deepEqual(readVerifyAnswer(answer({}, { ...looks, problem: reason }))?.looks, reason);
  for (const bad of [3, { ...looks, count: 'x' }, { ...looks, declared: null }, { ...looks, problem: 'x' }]) {
    assert.equal(readVerifyAnswer(answer({}, bad)), null, JSON.stringify(bad));
  }
});
