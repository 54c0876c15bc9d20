// npm run simulate [-- --small]
//
// Judges experiments that were drawn at random, and prints how often the judgment is wrong: the coverage of Δm's interval, the
// family-wise error of null experiments (allowed: 5.5 %), and how often a planted effect is found beside what power promises
// (allowed: 3 points apart). `--small` draws a tenth. The exit status is 1 where a figure is outside what is allowed by more than
// three standard errors of the drawing.
import { parseArgs } from 'node:util';
import type { Made } from './lib/simulated-experiments.ts';
import { coverage, familyWiseError, nullExperiment, plantedFound } from './lib/simulated-experiments.ts';

const { values } = parseArgs({ options: { small: { type: 'boolean', default: false } } });
const repetitions = values.small ? 400 : 4000;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const errorOf = (share: number): number => Math.sqrt((share * (1 - share)) / repetitions);
let wrong = 0;

function print(what: string, figure: string, low: number, share: number, high: number): void {
  const slack = 3 * errorOf(share);
  const fine = share >= low - slack && share <= high + slack;
  if (!fine) wrong += 1;
  console.log(`${what.padEnd(64)} ${figure}${fine ? '' : '   OUTSIDE'}`);
}

console.log(`${repetitions} experiments a line`);
for (const seeds of [3, 5, 8, 20]) {
  const { asMeasured, overTrue } = coverage(seeds, repetitions);
  const figure = `${percent(asMeasured)} (over the baseline's true mean: ${percent(overTrue)})`;
  print(`coverage of Δm, ${seeds} seeds`, figure, 0.93, asMeasured, 0.97);
}
const families: readonly (readonly [string, Partial<Made>])[] = [
  ['3 arms × 4 tasks, 8 seeds', {}],
  ['looks at half and at the end', { looks: [0.5, 1] }],
  ['ties: values of 50 test rows', { step: 0.02 }],
  ['6 % of runs fail, worst rank', { failing: 0.06 }],
  ['6 % of runs fail, left out', { failing: 0.06, failures: 'exclude' }],
  ['splits vary', { overlapping: true }],
  ['splits vary, 6 % of runs fail, worst rank', { overlapping: true, failing: 0.06 }],
  ['splits vary, looks, ties, failures', { overlapping: true, looks: [0.5, 1], step: 0.02, failing: 0.06 }],
  ['one test alone, looks at a half, three quarters and the end', { arms: 1, tasks: 1, looks: [0.5, 0.75, 1] }],
  ['all together', { looks: [0.5, 1], step: 0.02, failing: 0.06 }],
  ['all together, one true effect', { looks: [0.5, 1], step: 0.02, failing: 0.06, effect: 2 }],
];
for (const [what, part] of families) {
  const share = familyWiseError({ ...nullExperiment, ...part }, repetitions);
  print(`family-wise error: ${what}`, percent(share), 0, share, 0.055);
}
for (const [arms, tasks, seeds, effect] of [
  [1, 4, 8, 1],
  [1, 4, 8, 1.5],
  [1, 1, 5, 1.5],
  [3, 4, 12, 1.5],
] as const) {
  const { found, promised } = plantedFound({ ...nullExperiment, arms, tasks, seeds, effect }, repetitions);
  const what = `planted ${effect} sd found: ${arms} × ${tasks} tests, ${seeds} seeds`;
  print(what, `${percent(found)} of ${percent(promised)} promised`, promised - 0.03, found, promised + 0.03);
}
process.exitCode = wrong > 0 ? 1 : 0;
