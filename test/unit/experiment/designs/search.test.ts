// Methods that learn from results, on functions whose optimum is known; figures of other implementations stand in test/reference.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DesignRequest, Factor, Setting, Trial } from '../../../../src/experiment/designs/contract.ts';
import { settingText } from '../../../../src/experiment/designs/conditions.ts';
import { designs } from '../../../../src/experiment/designs/table.ts';
import { hypervolume } from '../../../../src/experiment/statistics/hypervolume.ts';
import { levels, range, request } from './factors.ts';

interface Reference {
  readonly hypervolume: Readonly<Record<string, readonly number[]>>;
  readonly best: Readonly<Record<string, readonly number[]>>;
}
const reference = JSON.parse(
  readFileSync(new URL('../../../reference/search.json', import.meta.url), 'utf8'),
) as Reference;

type Goal = (setting: Setting) => readonly number[];
const of = (setting: Setting, name: string): number => Number(setting.get(name));
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

function searched(method: 'tpe' | 'nsga2', asked: DesignRequest, goal: Goal): readonly Trial[] {
  const history: Trial[] = [];
  while (history.length < (asked.runs ?? 0)) {
    const setting = designs[method].next(history, asked);
    history.push({ setting, values: goal(setting), state: 'done' });
  }
  return history;
}
const byChance = (asked: DesignRequest, goal: Goal): readonly (readonly number[])[] =>
  designs.random.settings(asked).settings.map(goal);

const least = (values: readonly (readonly (number | null)[])[]): number =>
  Math.min(...values.map(([value]) => value ?? NaN));

const branin: Goal = (setting) => {
  const [x, y] = [of(setting, 'x'), of(setting, 'y')];
  const inner = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return [inner ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10];
};
const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const hartmann: Goal = (setting) => {
  const terms = [1, 1.2, 3, 3.2].map((c, i) => {
    const square = (hartmannA[i] ?? []).reduce(
      (total, a, j) => total + a * (of(setting, `x${j}`) - (hartmannP[i]?.[j] ?? 0) * 1e-4) ** 2,
      0,
    );
    return c * Math.exp(-square);
  });
  return [-terms.reduce((total, term) => total + term, 0)];
};
const unit = (count: number): readonly Factor[] =>
  Array.from({ length: count }, (_, index) => range(`x${index}`, 0, 1));

/** Which method, and then a learning rate and a number of layers or a momentum that only it has. */
const mixed: readonly Factor[] = [
  levels('method', ['sgd', 'adam', 'lion']),
  range('rate', 1e-5, 1, { scale: 'log' }),
  range('layers', 1, 12, { integer: true }),
  range('momentum', 0, 1, { when: { method: ['sgd'] } }),
  levels('width', [16, 32, 64, 128, 256], { method: ['adam'] }),
];
const mixedGoal: Goal = (setting) => {
  const rate = Math.log10(of(setting, 'rate'));
  const shared = 0.2 * (of(setting, 'layers') - 7) ** 2;
  const method = setting.get('method');
  if (method === 'sgd') return [1 + (rate + 1) ** 2 + shared + 5 * (of(setting, 'momentum') - 0.9) ** 2];
  if (method === 'adam') return [(rate + 3) ** 2 + shared + Math.abs(Math.log2(of(setting, 'width') / 64))];
  return [2 + (rate + 4) ** 2 + shared];
};

const seeds = Array.from({ length: 21 }, (_, seed) => seed);

test('TPE is far better than random search after 60 evaluations, and no worse than the reference implementation', () => {
  const cases = [
    { name: 'branin', factors: [range('x', -5, 10), range('y', 0, 15)], goal: branin, optimum: 0.397887 },
    { name: 'hartmann6', factors: unit(6), goal: hartmann, optimum: -3.32237 },
    { name: 'mixed', factors: mixed, goal: mixedGoal, optimum: 0 },
  ];
  for (const { name, factors, goal, optimum } of cases) {
    const best = seeds.map((seed) => {
      const asked = request(factors, { runs: 60, seed });
      return {
        tpe: least(searched('tpe', asked, goal).map(({ values }) => values)),
        chance: least(byChance(asked, goal)),
      };
    });
    const [tpe, chance] = [median(best.map((one) => one.tpe)), median(best.map((one) => one.chance))];
    const wins = best.filter((one) => one.tpe < one.chance).length;
    assert.ok(tpe - optimum < 0.6 * (chance - optimum), `${name}: TPE ${tpe}, random ${chance}`);
    assert.ok(wins >= 16, `${name}: better in ${wins} of 21`);
    assert.ok(tpe >= optimum - 1e-5);
    const known = reference.best[name];
    if (known !== undefined)
      assert.ok(tpe <= median(known) + 0.1 * (chance - median(known)), `${name}: ${tpe}, Optuna ${median(known)}`);
  }
});

const zdt =
  (second: (ratio: number) => number): Goal =>
  (setting) => {
    const first = of(setting, 'x0');
    const g = 1 + (9 / 4) * [1, 2, 3, 4].reduce((total, index) => total + of(setting, `x${index}`), 0);
    return [first, g * second(first / g)];
  };
const dtlz2: Goal = (setting) => {
  const g = [2, 3, 4, 5].reduce((total, index) => total + (of(setting, `x${index}`) - 0.5) ** 2, 0);
  const [a, b] = [(of(setting, 'x0') * Math.PI) / 2, (of(setting, 'x1') * Math.PI) / 2];
  return [(1 + g) * Math.cos(a) * Math.cos(b), (1 + g) * Math.cos(a) * Math.sin(b), (1 + g) * Math.sin(a)];
};
const volume = (points: readonly (readonly (number | null)[])[]): number =>
  hypervolume(
    points.map((point) => point.map((value) => value ?? NaN)),
    (points[0] ?? []).map(() => false),
    (points[0] ?? []).map(() => 1.1),
  );

test('NSGA-II covers more than random search, and as much as the reference implementation with as many evaluations', () => {
  const cases = [
    { name: 'zdt1', factors: unit(5), goal: zdt((ratio) => 1 - Math.sqrt(ratio)) },
    { name: 'zdt2', factors: unit(5), goal: zdt((ratio) => 1 - ratio ** 2) },
    { name: 'dtlz2', factors: unit(6), goal: dtlz2 },
  ];
  for (const { name, factors, goal } of cases) {
    const found = seeds.slice(0, 3).map((seed) => {
      const asked = request(factors, { runs: 400, seed });
      return {
        nsga2: volume(searched('nsga2', asked, goal).map(({ values }) => values)),
        chance: volume(byChance(asked, goal)),
      };
    });
    const [nsga2, chance] = [median(found.map((one) => one.nsga2)), median(found.map((one) => one.chance))];
    const known = median(reference.hypervolume[name] ?? []);
    assert.ok(nsga2 > chance, `${name}: NSGA-II ${nsga2}, random ${chance}`);
    assert.ok(nsga2 >= 0.95 * known, `${name}: NSGA-II ${nsga2}, pymoo ${known}`);
  }
});

test('TPE for two objectives covers more than random search', () => {
  const goal = zdt((ratio) => 1 - Math.sqrt(ratio));
  const found = seeds.slice(0, 3).map((seed) => {
    const asked = request(unit(5), { runs: 80, seed });
    const both = [searched('tpe', asked, goal).map(({ values }) => values), byChance(asked, goal)];
    return both.map((points) =>
      hypervolume(
        points.map((point) => point.map(Number)),
        [false, false],
        [1.1, 6],
      ),
    );
  });
  assert.ok(
    median(found.map(([tpe = 0]) => tpe)) > median(found.map(([, chance = 0]) => chance)) + 0.3,
    JSON.stringify(found),
  );
});

test('settings have what applies and nothing else; a driver that was killed goes on with the same settings', () => {
  for (const method of ['tpe', 'nsga2'] as const) {
    const asked = request(mixed, { runs: 60 });
    const history = searched(method, asked, (setting) =>
      method === 'tpe' ? mixedGoal(setting) : [...mixedGoal(setting), of(setting, 'layers')],
    );
    for (const { setting } of history) {
      assert.equal(setting.has('momentum'), setting.get('method') === 'sgd');
      assert.equal(setting.has('width'), setting.get('method') === 'adam');
      const [rate, layers] = [of(setting, 'rate'), of(setting, 'layers')];
      assert.ok(rate >= 1e-5 && rate <= 1 && Number.isInteger(layers) && layers >= 1 && layers <= 12);
    }
    for (const number of [0, 9, 10, 25, 59])
      assert.deepEqual(designs[method].next(history.slice(0, number), asked), history[number]?.setting);
    assert.notDeepEqual(designs[method].next(history, { ...asked, seed: 8 }), designs[method].next(history, asked));
  }
});

test('trials that failed, were cut or still run: TPE stays away, NSGA-II takes no parents from them', () => {
  const asked = request([range('x', 0, 1)], { runs: 60 });
  const done = Array.from({ length: 20 }, (_, index): Trial => {
    const x = (index + 0.5) / 20;
    return { setting: new Map([['x', x]]), values: [Math.abs(x - 0.725)], state: 'done' };
  });
  const next = (history: readonly Trial[]) => of(designs.tpe.next(history, asked), 'x');
  for (const state of ['failed', 'pruned', 'running'] as const) {
    const bad = Array.from({ length: 15 }, (_, index): Trial => ({
      setting: new Map([['x', 0.7 + index / 300]]),
      values: [],
      state,
    }));
    const x = next([...done, ...bad]);
    const silent = next([...done, ...bad.map((trial): Trial => ({ ...trial, values: [null], state: 'done' }))]);
    assert.ok(Math.abs(x - 0.725) > Math.abs(silent - 0.725), `${state}: ${x}, without evidence ${silent}`);
  }
  const nothing = Array.from({ length: 16 }, (_, index): Trial => ({
    setting: new Map([['x', index / 16]]),
    values: [],
    state: 'failed',
  }));
  assert.ok(designs.tpe.next(nothing, asked).has('x'));
  assert.ok(designs.nsga2.next(nothing, asked).has('x'));
  // All of the second generation's parents lie below ½: crossover and mutation stay near them.
  const low = Array.from({ length: 16 }, (_, index): Trial => ({
    setting: new Map([['x', index < 8 ? index / 20 : 0.9]]),
    values: index < 8 ? [index] : [],
    state: index < 8 ? 'done' : 'failed',
  }));
  const children = Array.from({ length: 30 }, (_, seed) => of(designs.nsga2.next(low, { ...asked, seed }), 'x'));
  assert.ok(children.every((x) => x < 0.8));
});

test('what was tried is not tried again while something else is drawn; all of few settings are found', () => {
  const factors = [levels('a', [1, 2, 3, 4]), levels('b', ['x', 'y', 'z'])];
  for (const method of ['tpe', 'nsga2'] as const) {
    const history = searched(method, request(factors, { runs: 24 }), (setting) => [of(setting, 'a')]);
    assert.ok(new Set(history.map(({ setting }) => settingText(setting))).size >= 11, method);
  }
});
