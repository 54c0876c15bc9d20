/** Strategy modules of the user's own: what is read, what is refused, and that errors name the file. */
import { text } from '../../../../src/common/text.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf, ModuleError, moduleStrategy, readModule } from '../../../../src/weighting/custom/module.ts';
import type { Json, StepStatistics } from '../../../../src/weighting/contract.ts';

const file = 'mine.mjs';
const context = { tasks: ['a', 'b'], normalize: 'none' } as const;
const statistics: StepStatistics = { step: 3, tasks: ['a', 'b'], losses: [1, 2], weights: [1, 1], norms: [3, 4] };
const strategyOf = (exported: object, given: { readonly normalize?: 'none' | 'sum-to-one' | 'sum-to-tasks' } = {}) =>
  moduleStrategy(readModule(file, exported), { ...context, ...given });

test('exports may be named or the default, weights alone or with a state', () => {
  const named = strategyOf({ weigh: () => [0.25, 0.75] });
  assert.deepEqual(named.weigh(statistics, null), { weights: [0.25, 0.75], state: null });
  assert.equal(named.needs, 'losses');
  const byDefault = strategyOf({
    default: {
      needs: 'norms',
      initialState: (tasks: string[]) => ({ seen: Object.fromEntries(tasks.map((task) => [task, 0])) }),
      weigh: ({ norms }: { norms: number[] }, state: { seen: object }) => ({
        weights: Float64Array.from(norms),
        state: { seen: { ...state.seen, a: 1 } },
      }),
    },
  });
  assert.deepEqual(byDefault.initialState, { seen: { a: 0, b: 0 } });
  assert.deepEqual(byDefault.weigh(statistics, byDefault.initialState), {
    weights: [3, 4],
    state: { seen: { a: 1, b: 0 } },
  });
});

test('the weights are normalized where the spec asks for it', () => {
  const { weights } = strategyOf({ weigh: () => [1, 3] }, { normalize: 'sum-to-one' }).weigh(statistics, null);
  assert.deepEqual(weights, [0.25, 0.75]);
});

test('a module that changes what it is given changes only its copy', () => {
  const strategy = strategyOf({
    initialState: { count: 0 },
    weigh: (given: { losses: number[]; weights: number[] }, state: { count: number }) => {
      given.losses[0] = 99;
      given.weights.length = 0;
      state.count = 99;
      return [1, 1];
    },
  });
  const { state } = strategy.weigh(statistics, strategy.initialState);
  assert.deepEqual(state, { count: 0 });
  assert.deepEqual(statistics.losses, [1, 2]);
  assert.deepEqual(strategy.initialState, { count: 0 });
});

test('unequal weights of the spec that nobody looks at are told once', () => {
  const unequal = { ...statistics, weights: [1, 2] };
  const blind = strategyOf({ weigh: () => [1, 1] });
  const [told] = blind.weigh(unequal, null).problems ?? [];
  assert.match(told?.en ?? '', /mine\.mjs.*statistics\.weights/);
  assert.match(told?.zh ?? '', /^策略模块 .*mine\.mjs 未读取 statistics\.weights/);
  assert.equal(blind.weigh(unequal, null).problems, undefined);
  const seeing = strategyOf({ weigh: ({ weights }: { weights: number[] }) => weights });
  assert.equal(seeing.weigh(unequal, null).problems, undefined);
  assert.equal(strategyOf({ weigh: () => [1, 1] }).weigh(statistics, null).problems, undefined);
});

test('what is wrong is said with the file', () => {
  const refused = (exported: object, says: RegExp): void => {
    assert.throws(
      () => {
        const strategy = strategyOf(exported);
        strategy.weigh(statistics, strategy.initialState);
      },
      (error: unknown) => error instanceof ModuleError && /mine\.mjs/.test(error.message) && says.test(error.message),
    );
  };
  refused({}, /no function "weigh/);
  refused({ weigh: 3 }, /no function "weigh/);
  refused({ weigh: () => [1, 1], needs: 'entries' }, /"needs" is "entries"; it may be "losses", "norms", "gram"/);
  refused({ weigh: () => [1, 1], afterEpoch: 1 }, /afterEpoch/);
  refused({ weigh: () => [1] }, /1 weights at step 3.*2 tasks/);
  refused({ weigh: () => undefined }, /nothing at step 3/);
  refused({ weigh: () => [1, NaN] }, /weight of "b" at step 3/);
  refused({ weigh: () => [1, '1'] }, /weight of "b"/);
  refused({ weigh: () => ({ weights: [1, 1], state: { f: () => 1 } }) }, /no JSON value: \.f is function/);
  refused({ weigh: () => [1, 1], initialState: new Map() }, /it is a Map/);
  refused({ weigh: () => [1, 1], initialState: { x: [1, undefined] } }, /\.x\[1\] is undefined/);
  refused(
    {
      weigh: () => {
        throw new Error('I am tired');
      },
    },
    /weigh failed.*I am tired/,
  );
});

test('a loss that is no number may have a weight that is none', () => {
  const strategy = strategyOf({ weigh: ({ losses }: { losses: number[] }) => losses });
  const { weights } = strategy.weigh({ ...statistics, losses: [NaN, 1] }, null);
  assert.ok(Number.isNaN(weights[0]));
});

test('the state after an epoch comes from the module, too', () => {
  const strategy = strategyOf({
    weigh: () => [1, 1],
    afterEpoch: (tasks: string[], means: number[]) => Object.fromEntries(tasks.map((task, i) => [task, means[i]])),
  });
  assert.deepEqual(strategy.afterEpoch?.(['a', 'b'], [1, 2], null), { a: 1, b: 2 });
});

test('JSON values pass, others are named by their place', () => {
  const value = { a: [1, 'x', null, { b: true }] };
  assert.deepEqual(jsonOf(file, text('it', '它'), value), value);
  for (const wrong of [NaN, new Date(0), [Infinity], { a: 1n }, Symbol('s')]) {
    assert.throws(() => jsonOf(file, text('the state', '状态'), wrong), /the state is no JSON value/);
  }
});

test('an error in the module is said with its line, of any number of digits; a step has its epoch, 0 where there is none', () => {
  for (const line of [7, 12, 345]) {
    const strategy = strategyOf({
      weigh: () => {
        const error = new Error('no');
        error.stack = `Error: no\n    at weigh (file:///project/mine.mjs:${String(line)}:9)\n    at other (file:///x.mjs:1:1)`;
        throw error;
      },
    });
    assert.throws(
      () => strategy.weigh(statistics, null),
      new RegExp(`mine\\.mjs.*failed \\(line ${String(line)}\\): no`, 'u'),
    );
  }
  const epochs: unknown[] = [];
  const seeing = strategyOf({ weigh: ({ epoch }: { epoch: number }) => (epochs.push(epoch), [1, 1]) });
  seeing.weigh({ ...statistics, epoch: 4 }, null);
  seeing.weigh(statistics, null);
  assert.deepEqual(epochs, [4, 0]);
});

test('without an epoch’s end in the module there is none in the strategy; the initial state may be any JSON', () => {
  const plain = strategyOf({ weigh: () => [1, 1] });
  assert.equal('afterEpoch' in plain, false);
  assert.equal(plain.initialState, null);
  for (const initialState of [3, 'x', false, null, [1, [2]], { a: { b: null } }]) {
    assert.deepEqual(strategyOf({ weigh: () => [1, 1], initialState }).initialState, initialState);
  }
  // An object without a prototype is as plain as any.
  const bare = Object.assign(Object.create(null) as object, { a: 1 });
  assert.deepEqual({ ...(jsonOf(file, text('it', '它'), bare) as object) }, { a: 1 });
});

test('named exports come before the default one; needs of any of the three are kept', () => {
  const both = readModule(file, {
    weigh: () => [1, 1],
    needs: 'gram',
    default: { weigh: () => [2, 2], needs: 'norms' },
  });
  assert.deepEqual([both.needs, both.weigh({}, null), both.file], ['gram', [1, 1], file]);
  for (const needs of ['losses', 'norms', 'gram'])
    assert.equal(strategyOf({ weigh: () => [1, 1], needs }).needs, needs);
  for (const nothing of [null, undefined, 3, 'weigh', { default: null }, { default: 3 }]) {
    assert.throws(() => readModule(file, nothing), /mine\.mjs: it exports no function "weigh/);
  }
});

test('a step is given as it is: what it lacks is not there, what it has is a copy', () => {
  const seen: object[] = [];
  const keeps = strategyOf({ weigh: (given: object) => (seen.push({ ...given }), [1, 1]) });
  const gram = [[9, 1], [1, 16]]; // prettier-ignore
  const { norms: _, ...plain } = statistics;
  keeps.weigh(plain, null);
  keeps.weigh({ ...statistics, epoch: 2, gram }, null);
  const base = { step: 3, tasks: ['a', 'b'], losses: [1, 2], weights: [1, 1] };
  assert.deepEqual(seen, [
    { ...base, epoch: 0 },
    { ...base, epoch: 2, norms: [3, 4], gram },
  ]);
  const vandal = strategyOf({
    weigh(given: Required<StepStatistics>) {
      for (const list of [given.tasks, given.norms, given.gram, given.gram[0]]) (list as unknown[]).length = 0;
      return [1, 1];
    },
    afterEpoch(tasks: unknown[], means: unknown[], state: unknown[]) {
      for (const list of [tasks, means, state]) list.length = 0;
      return 1;
    },
  });
  const kept = structuredClone({ ...statistics, gram });
  const given = { ...statistics, gram };
  vandal.weigh(given, null);
  assert.deepEqual(given, kept);
  const [names, means, state] = [['a', 'b'], [1, 2], [3]]; // prettier-ignore
  assert.equal(vandal.afterEpoch?.(names, means, state), 1);
  assert.deepEqual([names, means, state], [['a', 'b'], [1, 2], [3]]); // prettier-ignore
});

test('the state that stays is the one before, unless the module gives another, which may be null', () => {
  const before = { x: 1 };
  const next = (found: unknown): Json => strategyOf({ weigh: () => found }).weigh(statistics, before).state;
  assert.deepEqual(next([1, 1]), before);
  assert.deepEqual(next({ weights: [1, 1] }), before);
  assert.equal(next({ weights: [1, 1], state: null }), null);
  assert.deepEqual(next({ weights: [1, 1], state: [2] }), [2]);
});

test('what failed is said in words: which function, which weight, which place of the state', () => {
  const message = (exported: object, given: Partial<StepStatistics> = {}): string => {
    try {
      const strategy = strategyOf(exported);
      strategy.weigh({ ...statistics, ...given }, strategy.initialState);
      strategy.afterEpoch?.(['a', 'b'], [1, 2], null);
    } catch (error) {
      assert.ok(error instanceof ModuleError);
      assert.equal(error.code, 'strategy-module');
      return error.message.replace(/ \(line \d+\)/, '');
    }
    return '';
  };
  const start = 'The strategy module mine.mjs: ';
  const cases: readonly (readonly [object, string])[] = [
    [{ weigh: () => 3 }, 'weigh returned nothing at step 3; it must return {weights} with one number for each of 2 tasks.'],
    [{ weigh: () => ({ weights: 'ab' }) }, 'weigh returned "ab" at step 3; it must return {weights} with one number for each of 2 tasks.'],
    [{ weigh: () => ({ weights: { 0: 1 } }) }, 'weigh returned object at step 3; it must return {weights} with one number for each of 2 tasks.'],
    [{ weigh: () => [1, 2, 3] }, 'weigh returned 3 weights at step 3; it must return {weights} with one number for each of 2 tasks.'],
    [{ weigh: () => [[1], 2] }, 'weigh returned a list as the weight of "a" at step 3; weights must be finite numbers.'],
    [{ weigh: () => [1, undefined] }, 'weigh returned nothing as the weight of "b" at step 3; weights must be finite numbers.'],
    [{ weigh: () => [1, 1], initialState: () => undefined }, 'initialState is no JSON value: it is undefined. It is saved with checkpoints, so use numbers, texts, lists and plain objects.'],
    [{ weigh: () => ({ weights: [1, 1], state: { a: [0, { b: NaN }] } }) }, 'the state that weigh returned is no JSON value: .a[1].b is NaN. It is saved with checkpoints, so use numbers, texts, lists and plain objects.'],
    [{ weigh: () => [1, 1], afterEpoch: () => [new Date(0)] }, 'the state that afterEpoch returned is no JSON value: [0] is a Date. It is saved with checkpoints, so use numbers, texts, lists and plain objects.'],
    [{ weigh: () => [1, 1], needs: 3 }, '"needs" is 3; it may be "losses", "norms", "gram".'],
    [{ weigh: () => [1, 1], needs: ['losses'] }, '"needs" is a list; it may be "losses", "norms", "gram".'],
  ]; // prettier-ignore
  for (const [exported, says] of cases) assert.equal(message(exported), start + says);
  const thrower = (name: string, value: unknown): object => ({
    weigh: () => [1, 1],
    [name]: () => {
      throw value;
    },
  });
  for (const name of ['initialState', 'weigh', 'afterEpoch']) {
    assert.equal(message(thrower(name, new Error('no'))), `${start}${name} failed: no`);
    assert.equal(message(thrower(name, 'just so')), `${start}${name} failed: just so`);
  }
});

test('a weight may be no number only while a loss is none, and must still be of that type', () => {
  const lost = { ...statistics, losses: [1, NaN] };
  assert.deepEqual(strategyOf({ weigh: () => [Infinity, 1] }).weigh(lost, null).weights, [Infinity, 1]);
  assert.throws(() => strategyOf({ weigh: () => ['1', 1] }).weigh(lost, null), /"1" as the weight of "a"/);
  // The next weight is looked at all the same.
  assert.throws(() => strategyOf({ weigh: () => [NaN, '1'] }).weigh(lost, null), /"1" as the weight of "b"/);
  assert.throws(() => strategyOf({ weigh: () => [1, NaN] }).weigh(statistics, null), /number|weight of "b"/);
});

test('a state may be nested in sixty-four levels, not in more', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  const named = (levels: number): unknown => (levels === 0 ? 1 : { a: named(levels - 1) });
  for (const make of [nested, named]) {
    assert.deepEqual(jsonOf(file, text('it', '它'), make(65)), make(65));
    assert.throws(() => jsonOf(file, text('it', '它'), make(66)), /is nested too deeply/);
  }
  assert.deepEqual(jsonOf(file, text('it', '它'), nested(3)), [[[1]]]);
});

test('the line is that of the module’s own file, by its last name, even where an address spells it otherwise', () => {
  const failing = (name: string, stack: string): string => {
    const weigh = () => {
      throw Object.assign(new Error('no'), { stack });
    };
    try {
      moduleStrategy(readModule(name, { weigh }), context).weigh(statistics, null);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  const says = (name: string, line: string): string => `The strategy module ${name}: weigh failed${line}: no`;
  const at = 'Error: no\n    at other (file:///lib/other.mjs:3:1)\n    at weigh (file:///p/my%20one.mjs:12:5)\n';
  assert.equal(failing('sub/my one.mjs', at), says('sub/my one.mjs', ' (line 12)'));
  assert.equal(failing('sub\\my one.mjs', at), says('sub\\my one.mjs', ' (line 12)'));
  assert.equal(failing('/my/own/my one.mjs', at), says('/my/own/my one.mjs', ' (line 12)'));
  assert.equal(failing('mine.mjs', 'Error: no\n    at file:///p/mine.mjs:7:9'), says('mine.mjs', ' (line 7)'));
  // The innermost place counts; text after it is no place.
  const twice = 'Error: no\n    at a (file:///p/mine.mjs:7:9)\n    at b (file:///p/mine.mjs:8:9)';
  assert.equal(failing('mine.mjs', twice), says('mine.mjs', ' (line 7)'));
  assert.equal(failing('mine.mjs', 'Error: mine.mjs:5:1 is wrong'), says('mine.mjs', ''));
  assert.equal(failing('other.js', at), says('other.js', ''));
});
