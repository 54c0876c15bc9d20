// Arms with seeds of their own, the wanted power, and claims of which every part must hold: through the whole comparison.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { methodsText } from '../../../../src/experiment/report/methods.ts';
import { claimsTable, taskTable } from '../../../../src/experiment/report/tables.ts';
import { claimsSummary, togetherOf, togetherSummary } from '../../../../src/experiment/report/summaries.ts';
import { comparisonSentences, comparisonTables } from '../../../../src/experiment/report/sections.ts';
import { comparisonJson } from '../../../../src/experiment/report/json.ts';
import { tabled, three, type Values } from './evidence.ts';
import { but, close, deltaOf, made } from './readings.ts';

/** Seeds of the arms follow one another: places 0–4 of the first, 5–9 of the second … */
const inTurn: Values = (arm, task, place) => tabled(arm, task, place % 5);

describe('unpaired', () => {
  const unpaired = { ...three, replicates: { n: 5, paired: false, hold: 'split' } };
  const comparison = made(unpaired, inTurn);

  test("Welch's t, Holm over the family, and a verdict", () => {
    // scipy.stats.ttest_ind(equal_var=False) of the same table
    const expected = [
      ['joint', 'kind', 0.4318265149699483],
      ['joint', 'size', 0.10062486590784572],
      ['wide', 'kind', 0.013845616628874041],
      ['wide', 'size', 0.06654307133684313],
    ] as const;
    for (const [arm, task, p] of expected) close(deltaOf(comparison, arm, task).p, p);
    // Holm: 4 × the least, 3 × the next, 2 × the third (no less than the one before), 1 × the last.
    const adjusted = expected.map(([arm, task]) => deltaOf(comparison, arm, task).adjustedP);
    close(adjusted, [0.4318265149699483, 2 * 0.10062486590784572, 4 * 0.013845616628874041, 3 * 0.06654307133684313]);
    const delta = deltaOf(comparison, 'wide', 'kind');
    close(delta.interval, [0.007816502637849436, 0.05098349736215053]);
    close(delta.familyInterval, [-0.000638534484920409, 0.05943853448492037]);
    assert.deepEqual([delta.n, delta.unpaired, delta.differences, delta.signFlipP, delta.disagreement], [5, 0, [], null, false]); // prettier-ignore
    close(delta.mean, 0.0294);
    assert.equal(comparison.paired, false);
    assert.match(delta.reason?.en ?? '', /^Unpaired: the arms have seeds of their own/);
    assert.equal(delta.equivalence?.equivalent, false);
    // Far apart there is a verdict.
    const far = made(unpaired, (arm, task, place) => (inTurn(arm, task, place) as number) + (arm === 'wide' ? 1 : 0));
    assert.equal(deltaOf(far, 'wide', 'kind').verdict, 'helps');
    assert.equal(deltaOf(far, 'wide', 'size').verdict, 'hurts');
    assert.deepEqual(far.hypotheses.map(({ result }) => result), ['supported', 'refuted', 'supported']); // prettier-ignore
    assert.match(far.hypotheses[0]?.reason.en ?? '', /^Better: unpaired, difference of means 1\.029, adjusted p/);
    assert.equal(far.hypotheses[0]?.n, 5);
  });

  test('runs are counted, not pairs', () => {
    const open = made(unpaired, (arm, task, place) => (arm === 'wide' && place % 5 === 4 ? 'missing' : inTurn(arm, task, place))); // prettier-ignore
    const delta = deltaOf(open, 'wide', 'kind');
    assert.deepEqual([delta.verdict, delta.missing], ['undecided', 1]);
    assert.equal(delta.reason?.en, '1 of 10 runs has not ended.');
    const failing = made(unpaired, (arm, task, place) => (arm === 'wide' && place % 5 === 4 ? 'failed' : inTurn(arm, task, place))); // prettier-ignore
    assert.equal(failing.hypotheses[0]?.reason.en, '1 of 10 runs failed.');
    assert.equal(deltaOf(failing, 'wide', 'kind').p, null);
    assert.notEqual(deltaOf(failing, 'wide', 'kind').rankP, null);
  });

  test('the methods, the tables and the JSON say so', () => {
    assert.match(methodsText(comparison).en, /unpaired; verdicts come from Welch's two-sided t test at 5 %, after Holm's correction over 4 tests/); // prettier-ignore
    assert.match(methodsText(comparison).zh, /非配对比较；结论来自双侧 Welch t 检验/);
    assert.match(methodsText(made(three)).en, /Differences are paired by seed/);
    const [measure] = comparison.measures;
    assert.ok(measure);
    assert.equal(taskTable(comparison, measure).note?.en, "Margin: 0.02. Unpaired: Welch's t.");
    assert.equal(taskTable(made(three), measure).note?.en, 'Margin: 0.02.');
    assert.match(comparisonJson(comparison), /"paired": ?false/);
  });
});

test('the wanted power of the design is what more seeds are proposed for', () => {
  const noisy: Values = (arm, task, place) =>
    (tabled('single', task, place) as number) +
    (arm === 'wide' ? ([0.01, -0.008, 0.012, -0.009, 0.002][place] ?? 0) : 0);
  const more = (power: object): number | null => {
    const delta = deltaOf(made({ ...three, analysis: power }, noisy), 'wide');
    return delta.moreSeeds;
  };
  const reason = deltaOf(made({ ...three, measures: { kind: { margin: 0.007 } }, analysis: { power: { target: 0.9 } } }, noisy), 'wide').reason; // prettier-ignore
  assert.match(reason?.en ?? '', /\(90 % power at the margin\)/);
  assert.match(reason?.zh ?? '', /检验功效 90%/);
  const usual = { ...three, measures: { kind: { margin: 0.007 } } };
  const of = (target?: number): number =>
    deltaOf(made(target === undefined ? usual : { ...usual, analysis: { power: { target } } }, noisy), 'wide').moreSeeds ?? NaN; // prettier-ignore
  assert.equal(of(), of(0.8));
  assert.ok(of(0.95) > of(0.8) && of(0.8) > of(0.5));
  assert.equal(more({}), null, 'no worse by the wide margin: nothing is asked');
});

describe('family all', () => {
  const all = { ...three, analysis: { family: 'all' } };
  const better: Values = (arm, task, place) => {
    const value = tabled(arm, task, place) as number;
    return arm === 'wide' && task === 'size' ? (tabled('single', task, place) as number) - 0.1 - place / 1000 : value;
  };

  test('an arm is claimed where it helps on every task; the largest p counts, over the arms by Holm', () => {
    const comparison = made(all, better);
    const [joint, wide] = comparison.claims;
    assert.deepEqual([joint?.arm, joint?.holds, joint?.p], ['joint', false, 1]);
    assert.equal(joint?.reason.en, 'Not shown to be better on size.');
    const p = Math.max(deltaOf(comparison, 'wide').p ?? 1, deltaOf(comparison, 'wide', 'size').p ?? 1);
    close(wide?.p, p);
    close(wide?.adjustedP, 2 * p);
    assert.deepEqual([wide?.holds, wide?.reason.en], [true, 'Better on every task.']);
    // No task is corrected for another.
    assert.equal(deltaOf(comparison, 'wide').adjustedP, deltaOf(comparison, 'wide').p);
    assert.equal(claimsSummary(comparison)?.en, 'Better on every task at once: "wide".');
    assert.match(claimsSummary(comparison)?.zh ?? '', /“wide”/);
    const shown = claimsTable(comparison);
    assert.deepEqual(shown?.rows.map((row) => [row[1]?.text.en, row[1]?.bold]), [['undecided', undefined], ['holds', true]]); // prettier-ignore
    assert.ok(comparisonTables(comparison).some(({ title }) => title.en === shown.title.en));
    assert.ok(comparisonSentences(comparison).some(({ en }) => en.startsWith('Better on every task at once')));
    assert.match(comparisonJson(comparison), /"claims": ?\[ ?\{ ?"arm": ?"joint"/);
    assert.match(methodsText(comparison).en, /intersection–union, Berger 1982/);
  });

  test('none holds, or not every task can be tested', () => {
    const comparison = made(all);
    assert.equal(claimsSummary(comparison)?.en, 'No arm is shown to be better on every task at once.');
    const open = made(all, but({ 'wide//2': 'missing' })).claims.find(({ arm }) => arm === 'wide');
    assert.deepEqual([open?.p, open?.holds, open?.reason.en], [null, false, 'Not every task can be tested (yet).']);
    const any = made(three);
    assert.deepEqual([any.claims, claimsSummary(any), claimsTable(any), togetherOf(any), togetherSummary(any)], [[], null, null, null, null]); // prettier-ignore
  });

  test('the hypotheses are one claim', () => {
    const held = made(all, better);
    assert.deepEqual(held.hypotheses.map(({ result }) => result), ['supported', 'supported', 'supported']); // prettier-ignore
    const together = togetherOf(held);
    assert.deepEqual(together, { holds: true, p: Math.max(...held.hypotheses.map(({ adjustedP }) => adjustedP ?? 1)) });
    assert.match(togetherSummary(held)?.en ?? '', /^All hypotheses together hold \(intersection–union, largest p/);
    const open = made({ ...all, measures: { kind: { margin: 0.02 }, size: { margin: 0.01 } } });
    assert.deepEqual(togetherOf(open), { holds: false, p: null });
    assert.equal(togetherSummary(open)?.en, 'The hypotheses do not hold all together; not supported: H2.');
    assert.ok(comparisonSentences(open).some(({ en }) => en.includes('do not hold all together')));
    assert.equal(togetherOf(made({ ...all, hypotheses: [] })), null);
  });
});
