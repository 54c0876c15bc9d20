/**
 * Growth of what one keystroke costs (text → values → plan → problems → picture) with the size of a spec: the time for twice
 * as much, in the same run. 2 is linear. Work at the limits is what nobody's typing may wait for longer.
 */
import { diagramOf, makePlan } from '../../src/plan/index.ts';
import { readSpec } from '../../src/spec/index.ts';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { median, timesOf } from './times.ts';

type Section = Record<string, unknown>;
interface Parts {
  readonly network: Section;
  readonly tasks: Section;
  readonly from?: readonly string[];
  readonly weights?: Section;
}

const layers = [{ type: 'dense', units: 4 }];
const task = (input: unknown, target = 'y'): Section => ({ type: 'regression', target, input });
const names = (n: number, prefix: string): string[] => Array.from({ length: n }, (_, index) => `${prefix}${index}`);
const sectionOf = (keys: readonly string[], value: (key: string, index: number) => unknown): Section =>
  Object.fromEntries(keys.map((key, index) => [key, value(key, index)]));
const trunk = { trunk: { input: 'x', layers } };

/** A spec of size n of each kind that may grow, and the n that is measured beside 2n. */
const kinds: Readonly<Record<string, readonly [n: number, make: (n: number) => Parts]>> = {
  'chain of blocks': [
    500,
    (n) => ({
      network: sectionOf(names(n, 'b'), (_, index) => ({ input: index === 0 ? 'x' : `b${index - 1}`, layers })),
      tasks: { t: task(`b${n - 1}`) },
    }),
  ],
  'blocks that read all before (edges)': [
    150,
    (edges) => {
      const n = Math.round(Math.sqrt(edges * 150));
      return {
        network: sectionOf(names(n, 'b'), (_, index) => ({ input: index === 0 ? 'x' : names(index, 'b'), layers })),
        tasks: { t: task(`b${n - 1}`) },
      };
    },
  ],
  tasks: [
    500,
    (n) => {
      const tasks = names(n, 't');
      return {
        network: trunk,
        tasks: sectionOf(tasks, (name) => task('trunk', `y of ${name}`)),
        weights: sectionOf(tasks, () => 1),
      };
    },
  ],
  'names in a list': [50_000, (n) => ({ network: trunk, tasks: { t: task('trunk') }, from: names(n, 'column ') })],
  'weights of unknown tasks': [
    400,
    (n) => ({
      network: trunk,
      tasks: sectionOf(names(n, 'task '), (name) => task('trunk', name)),
      weights: sectionOf(names(n, 'tusk '), () => 1),
    }),
  ],
  experts: [
    500,
    (n) => ({
      network: { trunk: { input: 'x', layers, sharing: { type: 'mmoe', experts: n } } },
      tasks: { t: task('trunk'), u: task('trunk', 'z') },
    }),
  ],
};

function keystroke({ network, tasks, from = ['a'], weights }: Parts): () => void {
  const data = { source: 'd.csv', inputs: { x: { type: 'number', from } } };
  const text = JSON.stringify({ data, network, tasks, ...(weights === undefined ? {} : { weights }) });
  return () => {
    const { spec, tree, problems } = readSpec(text);
    if (spec === undefined) throw new Error(problems[0]?.message.en ?? 'the spec could not be read');
    const { plan } = makePlan(spec, tree);
    if (plan) diagramOf(plan, 'en');
  };
}

export function run(): Promise<Measurement[]> {
  const measured = Object.entries(kinds).flatMap(([kind, [n, make]]) => {
    const [one, two] = [n, 2 * n].map((size) => {
      const once = keystroke(make(size));
      once();
      return median(timesOf(7, once));
    });
    const label = `${kind}, ${n} → ${2 * n}`;
    return [
      { name: label, value: (two ?? NaN) / (one ?? NaN), unit: '×', note: '2 is linear' },
      { name: `${kind}, ${2 * n}`, value: two ?? NaN, unit: 'ms' },
    ];
  });
  return Promise.resolve(measured);
}
