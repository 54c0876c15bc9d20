import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { fractionOf, fractionRows, runsOfFractions } from '../../../../src/experiment/designs/fractions.ts';
import { designs } from '../../../../src/experiment/designs/table.ts';
import { problemsOf } from '../../../../src/experiment/designs/problems.ts';
import { levels, range, request } from './factors.ts';

/** Resolutions in NIST/SEMATECH's table of section 5.3.3.4.7: [factors, runs, resolution]. */
const published: readonly (readonly [number, number, number])[] = [
  [3, 4, 3],
  [4, 8, 4],
  [5, 16, 5],
  [5, 8, 3],
  [6, 32, 6],
  [6, 16, 4],
  [6, 8, 3],
  [7, 64, 7],
  [7, 32, 4],
  [7, 16, 4],
  [7, 8, 3],
  [8, 64, 5],
  [8, 32, 4],
  [8, 16, 4],
  [9, 64, 4],
  [9, 32, 4],
  [9, 16, 3],
  [10, 64, 4],
  [10, 32, 4],
  [10, 16, 3],
  [11, 64, 4],
  [11, 32, 4],
  [11, 16, 3],
  [15, 16, 3],
];

/** Word length patterns (A₃, A₄, …) of the first designs in the catalog of Chen, Sun & Wu 1993. */
const patterns: readonly (readonly [number, number, readonly number[]])[] = [
  [8, 32, [0, 3, 4]],
  [9, 32, [0, 6, 8, 0, 0, 1]],
  [10, 32, [0, 10, 16, 0, 0, 5]],
  [11, 32, [0, 25, 0, 27, 0, 10, 0, 1]],
  [12, 32, [0, 38, 0, 52, 0, 33, 0, 4]],
  [13, 32, [0, 55, 0, 96, 0, 87, 0, 16, 0, 1]],
  [14, 32, [0, 77, 0, 168, 0, 203, 0, 56, 0, 7]],
  [15, 32, [0, 105, 0, 280, 0, 435, 0, 168, 0, 35]],
  [8, 64, [0, 0, 2, 1]],
  [9, 64, [0, 1, 4, 2]],
  [10, 64, [0, 2, 8, 4, 0, 1]],
  [11, 64, [0, 4, 14, 8, 0, 3, 2]],
  [12, 64, [0, 6, 24, 16, 0, 9, 8]],
  [13, 64, [0, 14, 28, 24, 24, 17, 12, 8]],
  [14, 64, [0, 22, 40, 36, 56, 49, 24, 20, 8]],
  [15, 64, [0, 30, 60, 60, 105, 105, 60, 60, 30, 0, 0, 0, 1]],
];

const trimmed = (counts: readonly number[]) => counts.slice(0, counts.findLastIndex((count) => count > 0) + 1);

test('resolutions and word lengths are the published ones', () => {
  for (const [factors, runs, resolution] of published)
    assert.equal(fractionOf(factors, runs)?.resolution, resolution, `${factors} factors, ${runs} runs`);
  for (const [factors, runs, pattern] of patterns)
    assert.deepEqual(
      trimmed(fractionOf(factors, runs)?.wordLengths ?? []),
      pattern,
      `${factors} factors, ${runs} runs`,
    );
  assert.deepEqual(runsOfFractions(5), [8, 16, 32]);
  assert.deepEqual(runsOfFractions(6), [8, 16, 32, 64]);
  for (const factors of [12, 13, 14]) assert.deepEqual(runsOfFractions(factors), [16, 32, 64], `${factors} factors`);
  assert.deepEqual(runsOfFractions(15), [16, 32, 64]);
  assert.deepEqual(runsOfFractions(7), [8, 16, 32, 64]);
  assert.deepEqual(runsOfFractions(16), []);
  assert.equal(fractionOf(5, 12), null);
});

/** All choices of `size` of the items. */
function* choices(items: readonly number[], size: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = 0; i + size <= items.length; i += 1)
    for (const rest of choices(items.slice(i + 1), size - 1)) yield [items[i] ?? 0, ...rest];
}

/** Words of three and of four letters among columns of a design. */
function shortWords(columns: readonly number[]): readonly [number, number] {
  const three = [...choices(columns, 3)].filter(([a = 0, b = 0, c = 0]) => (a ^ b ^ c) === 0).length;
  const four = [...choices(columns, 4)].filter(([a = 0, b = 0, c = 0, d = 0]) => (a ^ b ^ c ^ d) === 0).length;
  return [three, four];
}

test('no fraction of 8 or 16 runs has fewer short words (all of them tried)', () => {
  for (const [runs, most] of [
    [8, 7],
    [16, 9],
  ] as const)
    for (let factors = Math.log2(runs) + 1; factors <= most; factors += 1) {
      const basic = Array.from({ length: Math.log2(runs) }, (_, index) => 2 ** index);
      const others = Array.from({ length: runs - 1 }, (_, index) => index + 1).filter(
        (column) => !basic.includes(column),
      );
      const all = [...choices(others, factors - basic.length)].map((made) => shortWords([...basic, ...made]));
      const least = all.reduce((best, [a, b]) => (a < best[0] || (a === best[0] && b < best[1]) ? [a, b] : best));
      const [three = 0, four = 0] = fractionOf(factors, runs)?.wordLengths ?? [];
      assert.deepEqual([three, four], [...least], `${factors} factors, ${runs} runs`);
    }
});

test('the rows: columns balanced and orthogonal, in standard order, generators hold', () => {
  for (let factors = 2; factors <= 15; factors += 1)
    for (const runs of runsOfFractions(factors)) {
      const rows = fractionRows(factors, runs).map((row) => row.map((high) => 2 * high - 1));
      assert.equal(rows.length, runs);
      for (let i = 0; i < factors; i += 1) {
        assert.equal(
          rows.reduce((total, row) => total + (row[i] ?? NaN), 0),
          0,
        );
        for (let j = 0; j < i; j += 1)
          assert.equal(
            rows.reduce((total, row) => total + (row[i] ?? NaN) * (row[j] ?? NaN), 0),
            0,
          );
      }
    }
  assert.deepEqual(
    fractionRows(3, 4),
    [
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
      [1, 1, 1],
    ],
    'C = AB',
  );
  assert.deepEqual(fractionRows(2, 4), [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]);
  const signs = fractionRows(9, 32).map((row) => row.map((high) => 2 * high - 1));
  for (const [a = 0, b = 0, c = 0, d = 0, e = 0, f, g] of signs)
    assert.deepEqual([f, g], [b * c * d * e, a * c * d * e]);
});

test('aliases: those of 2^(5−2) with D = AB, E = AC, and none of a full factorial', () => {
  const letter = 'ABCDE';
  const sets = fractionOf(5, 8)?.aliases.map((set) =>
    set.map((effect) => effect.map((i) => letter[i]).join('')).join('='),
  );
  assert.deepEqual(sets, ['A=BD=CE', 'B=AD', 'C=AE', 'D=AB', 'E=AC', 'BC=DE', 'BE=CD']);
  assert.deepEqual(fractionOf(3, 8), { runs: 8, generators: [], resolution: null, wordLengths: [0], aliases: [] });
  assert.deepEqual(fractionOf(5, 16)?.aliases, []);
});

test('the method: runs as written or the smallest of resolution IV; what is confounded is told', () => {
  const factors = Array.from('abcde').map((name) => levels(name, ['low', 'high']));
  const { fractional } = designs;
  const plan = fractional.settings(request(factors));
  assert.equal(plan.settings.length, 16);
  assert.equal(plan.fraction?.resolution, 5);
  assert.equal(plan.merged, 0);
  assert.deepEqual(
    plan.notes.map(({ en }) => en),
    ['Resolution V: main effects and two-factor interactions are clear of one another.'],
  );
  const small = fractional.settings(request(factors, { runs: 8 }));
  assert.deepEqual(Object.fromEntries(small.settings[1] ?? []), { a: 'high', b: 'low', c: 'low', d: 'low', e: 'low' });
  assert.match(small.notes[0]?.en ?? '', /^Resolution III: main effects are confounded/);
  assert.match(small.notes[1]?.en ?? '', /a = b×d = c×e; b = a×d;/);
  const wide = fractional.settings(request(Array.from('abcdefgh').map((name) => levels(name, [0, 1]))));
  assert.equal(wide.settings.length, 16);
  assert.match(wide.notes[0]?.en ?? '', /^Resolution IV: main effects are clear/);
  const full = fractional.settings(request(factors.slice(2), { runs: 8 }));
  assert.match(full.notes[0]?.en ?? '', /^All 8 combinations/);
  const many = fractional.settings(
    request(
      Array.from('abcdefghijklmno').map((name) => levels(name, [0, 1])),
      { runs: 16 },
    ),
  );
  assert.match(many.notes[1]?.en ?? '', /; and 3 sets more\.$/);
});

test('the method: few factors take all combinations where a fraction would confound main effects', () => {
  const sizes = [1, 2, 3, 4].map((count) => {
    const factors = Array.from('abcd')
      .slice(0, count)
      .map((name) => levels(name, [0, 1]));
    assert.deepEqual(problemsOf('fractional', designs.fractional, request(factors)), []);
    return designs.fractional.settings(request(factors)).settings.length;
  });
  // Of 3 factors there is a half, of resolution III; of 4 one of resolution IV.
  assert.deepEqual(sizes, [2, 4, 8, 8]);
});

test('the method: each resolution has its name and meaning; no more than twelve sets are told', () => {
  const notes = (count: number, runs: number): readonly string[] =>
    designs.fractional
      .settings(
        request(
          Array.from('abcdefghijklmno')
            .slice(0, count)
            .map((name) => levels(name, [0, 1])),
          { runs },
        ),
      ) // prettier-ignore
      .notes.map(({ en }) => en);
  const clear = 'main effects and two-factor interactions are clear of one another.';
  assert.deepEqual(notes(6, 32), [`Resolution VI: ${clear}`]);
  assert.deepEqual(notes(7, 64), [`Resolution VII: ${clear}`]);
  assert.match(notes(4, 8)[0] ?? '', /^Resolution IV: main effects are clear of two-factor interactions, which are/);
  const [, told = ''] = notes(15, 16);
  // 15 columns, each a main effect and seven interactions.
  assert.equal(told.split('; ').length, 12 + 1);
  // Of 7 factors in 8 runs all seven sets are told.
  const seven = designs.fractional.settings(request(Array.from('abcdefg').map((name) => levels(name, [0, 1])), { runs: 8 })); // prettier-ignore
  const { en = '', zh = '' } = seven.notes[1] ?? {};
  assert.equal(en.split('; ').length, 7);
  assert.doesNotMatch(`${en} ${zh}`, /more|另有/);
});

test('the method: a condition that names nothing is none', () => {
  const factors = [levels('a', [0, 1]), levels('b', [0, 1], {})];
  assert.deepEqual(problemsOf('fractional', designs.fractional, request(factors)), []);
});

test('the method: what it cannot do is said', () => {
  const two = Array.from('abcde').map((name) => levels(name, [0, 1]));
  const of = (...asked: Parameters<typeof request>) =>
    problemsOf('fractional', designs.fractional, request(...asked)).map(({ en }) => en);
  assert.deepEqual(of(two), []);
  assert.deepEqual(of(two, { runs: 32 }), []);
  assert.match(of([...two, levels('x', [1, 2, 3])])[0] ?? '', /"x" has 3 levels; `fractional` takes exactly two/);
  assert.match(of([...two, range('r', 0, 1)])[0] ?? '', /"r" is a range/);
  assert.match(of([...two, levels('x', [1, 2], { a: [0] })])[0] ?? '', /"x" has a condition/);
  assert.match(of(two, { runs: 12 })[0] ?? '', /no fraction of 5 factors in 12 runs; write `runs` as one of 8, 16, 32/);
  const [wrong] = problemsOf('fractional', designs.fractional, request(two, { runs: 12 }));
  assert.match(wrong?.zh ?? '', /没有 5 个因素、12 次运行的部分因子设计；请将 `runs` 写为 8、16、32 之一。/);
  const sixteen = Array.from({ length: 16 }, (_, index) => levels(`f${index}`, [0, 1]));
  assert.match(of(sixteen)[0] ?? '', /up to 15 factors; there are 16/);
});
