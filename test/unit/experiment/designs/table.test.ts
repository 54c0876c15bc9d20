import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { DesignRequest, Designed } from '../../../../src/experiment/designs/contract.ts';
import { combinations, conditionOrder } from '../../../../src/experiment/designs/conditions.ts';
import { problemsOf } from '../../../../src/experiment/designs/problems.ts';
import { designs } from '../../../../src/experiment/designs/table.ts';
import { levels, plain, range, request } from './factors.ts';

type Name = Exclude<keyof typeof designs, 'tpe' | 'nsga2'>;

function made(name: Name, asked: DesignRequest): Designed {
  const design = designs[name];
  assert.deepEqual(problemsOf(name, design, asked), []);
  return design.settings(asked);
}

const problems = (name: Name, asked: DesignRequest): readonly string[] =>
  problemsOf(name, designs[name], asked).map(({ en, zh }) => {
    assert.match(zh, /[。]$/);
    return en;
  });

const strategy = levels('strategy', ['static', 'pcgrad']);
const clip = levels('clip', [1, 5], { strategy: ['pcgrad'] });

test('a grid has every combination, the last factor fastest; where a condition does not hold, one', () => {
  const { settings, merged, paths, notes } = made('grid', request([clip, strategy]));
  assert.deepEqual(plain(settings), [
    { strategy: 'static' },
    { clip: 1, strategy: 'pcgrad' },
    { clip: 5, strategy: 'pcgrad' },
  ]);
  assert.equal(merged, 1);
  assert.equal(notes.length, 1);
  assert.match(notes[0]?.en ?? '', /^1 of the settings/);
  assert.deepEqual(
    [...paths],
    [
      ['clip', '/clip'],
      ['strategy', '/strategy'],
    ],
  );
  const full = made('grid', request([levels('x', [1, 2]), levels('y', ['a', 'b', 'c'])]));
  assert.deepEqual(
    full.settings.map((setting) => [...setting.values()].map((value) => JSON.stringify(value)).join('')),
    ['1"a"', '1"b"', '1"c"', '2"a"', '2"b"', '2"c"'],
  );
  assert.deepEqual([full.merged, full.notes], [0, []]);
});

test('one at a time: the base, then one level changed; what cannot vary at the base is said', () => {
  const x = levels('x', [1, 2, 3]);
  const { settings, merged, notes } = made('one-at-a-time', request([x, strategy, clip]));
  assert.deepEqual(plain(settings), [
    { x: 1, strategy: 'static' },
    { x: 2, strategy: 'static' },
    { x: 3, strategy: 'static' },
    { x: 1, strategy: 'pcgrad', clip: 1 },
  ]);
  assert.equal(merged, 1);
  assert.match(notes[0]?.en ?? '', /"clip" is not varied by itself/);
});

test('random: as many different settings as asked for, and a factor more changes no value of the others', () => {
  const x = range('x', 0, 1);
  const y = range('y', 1e-4, 1, { scale: 'log' });
  const one = made('random', request([x], { runs: 20 }));
  const two = made('random', request([y, x], { runs: 20 }));
  assert.deepEqual(
    one.settings.map((setting) => setting.get('x')),
    two.settings.map((setting) => setting.get('x')),
  );
  assert.equal(two.settings.length, 20);
  assert.notDeepEqual(made('random', request([x], { runs: 20, seed: 8 })).settings, one.settings);
  const small = made('random', request([strategy, clip], { runs: 3 }));
  assert.equal(small.settings.length, 3);
  const below = two.settings.filter((setting) => Number(setting.get('y')) < 1e-2).length;
  assert.ok(below >= 5 && below <= 15, 'half of them in the lower half of the logarithm');
});

test('random: conditions that hardly ever hold leave settings out, and that is said', () => {
  const many = Array.from({ length: 6 }, (_, index) => levels(`f${index}`, [0, 1, 2, 3, 4, 5, 6, 7]));
  const when = Object.fromEntries(many.map(({ name }) => [name, [7]]));
  const gate = many.map((factor, index) =>
    index === 0 ? factor : { ...factor, when: new Map([[`f${index - 1}`, [7]]]) },
  );
  const rare = levels(
    'rare',
    Array.from({ length: 50 }, (_, index) => index),
    when,
  );
  const all = combinations([...gate, rare]);
  assert.equal(all, 7 * 6 + 50);
  const { settings, notes, merged } = made('random', request([...gate, rare], { runs: 92 }));
  assert.ok(settings.length < 92);
  assert.equal(merged, 92_000 - settings.length);
  assert.match(notes[0]?.en ?? '', new RegExp(`^Only ${settings.length} different settings`));
});

test('Sobol and Latin hypercube as methods: values of the factors, deterministic', () => {
  const factors = [range('x', 0, 10, { integer: true }), levels('l', ['a', 'b']), range('r', 0, 1)];
  for (const name of ['sobol', 'latin-hypercube'] as const) {
    const { settings, merged } = made(name, request(factors, { runs: 16 }));
    assert.equal(settings.length, 16);
    assert.equal(merged, 0);
    assert.equal(settings.filter((setting) => setting.get('l') === 'a').length, 8, 'each level as often as the other');
    assert.deepEqual(made(name, request(factors, { runs: 16 })).settings, settings);
    assert.notDeepEqual(made(name, request(factors, { runs: 16, seed: 8 })).settings, settings);
  }
});

test('what makes a method impossible is said', () => {
  const x = levels('x', [1, 2]);
  const r = range('r', 0, 1);
  assert.match(problems('grid', request([r]))[0] ?? '', /"r" is a range; `grid` needs/);
  assert.match(problems('one-at-a-time', request([r]))[0] ?? '', /`one-at-a-time` needs/);
  for (const name of ['random', 'sobol', 'latin-hypercube'] as const) {
    assert.match(problems(name, request([r]))[0] ?? '', /write `runs`/);
    assert.match(problems(name, request([x], { runs: 3 }))[0] ?? '', /only 2 different settings/);
    assert.deepEqual(problems(name, request([x], { runs: 2 })), []);
  }
  assert.match(problems('grid', request([]))[0] ?? '', /nothing to vary/);
  const big = Array.from({ length: 6 }, (_, index) => levels(`f${index}`, [1, 2, 3, 4, 5, 6, 7, 8]));
  assert.match(problems('grid', request(big))[0] ?? '', /has 262144 combinations/);
  const wide = Array.from({ length: 129 }, (_, index) => range(`f${index}`, 0, 1));
  assert.match(problems('sobol', request(wide, { runs: 4 }))[0] ?? '', /up to 128 factors; there are 129/);
  assert.deepEqual(problems('sobol', request(wide.slice(1), { runs: 4 })), []);
});

test('factors and conditions that make no sense are said, before what a method says', () => {
  const of = (...factors: Parameters<typeof request>[0]) => problems('grid', request(factors));
  const x = levels('x', [1, 2]);
  assert.match(of(x, x)[0] ?? '', /Two factors have the name "x"/);
  assert.match(of(levels('x', [1, 1]))[0] ?? '', /same level twice/);
  assert.match(of(x, levels('y', [1], { z: [1] }))[0] ?? '', /"z", which is no factor/);
  assert.match(of(x, levels('y', [1], { x: [3] }))[0] ?? '', /waits for 3, which is no value of "x"/);
  const loop = of(levels('y', [1], { z: [1] }), levels('z', [1], { y: [1] }));
  assert.deepEqual(loop, ['The conditions of "y", "z" wait for one another.']);
  const ranges = (...factors: Parameters<typeof request>[0]) => problems('random', request(factors, { runs: 1 }));
  assert.match(ranges(range('y', 0, 1), levels('x', [1], { y: [1] }))[0] ?? '', /it is a range of real numbers/);
  assert.match(ranges(range('y', 0.2, 0.8, { integer: true }))[0] ?? '', /holds no whole number/);
  assert.match(ranges(range('y', 0, 1, { scale: 'log' }))[0] ?? '', /above 0 on a log scale/);
  assert.deepEqual(ranges(range('y', 1, 3, { integer: true }), levels('x', [1], { y: [2] })), []);
});

test('combinations are counted with their conditions', () => {
  assert.equal(combinations([strategy, clip]), 3);
  assert.equal(combinations([strategy, clip, levels('x', [1, 2, 3])]), 9);
  assert.equal(combinations([strategy, range('r', 0, 1, { when: { strategy: ['pcgrad'] } })]), Infinity);
  assert.equal(combinations([range('r', 1, 4, { integer: true })]), 4);
  assert.equal(combinations([strategy, clip], 1), null);
  const { order } = conditionOrder([clip, strategy]);
  assert.deepEqual(
    order.map(({ name }) => name),
    ['strategy', 'clip'],
  );
});
