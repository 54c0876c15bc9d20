/** All verbs of the `mtl` command: a row each, in the order of the overview. A verb is loaded only when it is called. */
import type { Verb, VerbTable } from '../arguments.ts';

const rows = {
  check: () => import('./check.ts'),
  diagram: () => import('./diagram.ts'),
  train: () => import('./train.ts'),
  evaluate: () => import('./evaluate.ts'),
  predict: () => import('./predict.ts'),
  suggest: () => import('./suggest.ts'),
  affinity: () => import('./affinity.ts'),
  strategy: () => import('./strategy.ts'),
  doctor: () => import('./doctor.ts'),
  runtime: () => import('./runtime.ts'),
  runs: () => import('./runs.ts'),
  plan: () => import('./plan.ts'),
  experiment: () => import('./experiment.ts'),
  compare: () => import('./compare.ts'),
  verify: () => import('./verify.ts'),
  report: () => import('./report.ts'),
  export: async () => (await import('./later.ts')).exportRun,
} satisfies Readonly<Record<string, () => Promise<{ readonly verb: Verb }>>>;

export type VerbName = keyof typeof rows;

export const verbNames = Object.keys(rows) as readonly VerbName[];

export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(rows, name);
}

export async function loadVerb(name: VerbName): Promise<Verb & VerbTable> {
  const { verb } = await rows[name]();
  return { name, ...verb };
}
