/**
 * Strategy × mechanism × task type × partial labels × engine. The rows are those of the language's own tables, so a new
 * strategy, mechanism or task type is in the matrix from the day it is in its table.
 */
import { notAvailable } from '../../../src/spec/index.ts';
import { sharings } from '../../../src/spec/schema/network.ts';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import { tasks } from '../../../src/spec/schema/tasks.ts';
import { keyed } from '../../../src/numbers/random.ts';
import type { Row } from './pairwise.ts';

export const factorNames = ['strategy', 'mechanism', 'task', 'labels', 'engine'] as const;

/**
 * Which labels are there: all; every other one, drawn for each task; each row for one task only; so few for one task that
 * it is absent from most batches.
 */
const labelings = ['full', 'half', 'disjoint', 'rare'] as const;
export type Labels = (typeof labelings)[number];
/** `captured`: the native engine with steps as graphs, where a step of the case can be one. */
export type EngineName = 'wasm' | 'native' | 'captured';

export interface Case {
  readonly strategy: string;
  readonly mechanism: string;
  /** Type of the first of three tasks; the others classify and regress. */
  readonly task: string;
  readonly labels: Labels;
  readonly engine: EngineName;
}

const available = (kind: string, names: readonly string[]): string[] =>
  names.filter((name) => !notAvailable.has(`${kind}/${name}`));
const later = (kind: string, names: readonly string[]): string[] =>
  names.filter((name) => notAvailable.has(`${kind}/${name}`));

const every = {
  strategy: Object.keys(strategies),
  sharing: Object.keys(sharings),
  task: Object.keys(tasks),
};

export const factors = {
  strategy: available('strategy', every.strategy),
  mechanism: available('sharing', every.sharing),
  task: available('task', every.task),
  labels: labelings,
  engine: ['wasm', 'native', 'captured'],
} as const satisfies Readonly<Record<keyof Case, readonly string[]>>;

/** Rows of the tables that are not executed yet; each must be refused by name. */
export const postponed = (['strategy', 'sharing', 'task'] as const).flatMap((kind) =>
  later(kind, every[kind]).map((name) => ({ kind, name })),
);

export const sizes = factorNames.map((name) => factors[name].length);

export function caseOf(row: Row): Case {
  const [strategy, mechanism, task, labels, engine] = factorNames.map((name, at) => factors[name][row[at] ?? 0] ?? '');
  return { strategy, mechanism, task, labels, engine } as Case;
}

export const nameOf = ({ strategy, mechanism, task, labels, engine }: Case): string =>
  `${strategy} × ${mechanism} × ${task} × ${labels} × ${engine}`;

/**
 * Parameters that a strategy cannot do without.
 *
 * @param tasks names of the spec's
 */
export function strategyParameters(strategy: string, tasks: readonly string[]): Readonly<Record<string, unknown>> {
  const needed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'cr-mogm': { of: { name: 'dwa' } },
    pcd: { primary: tasks.at(-1) },
  };
  return needed[strategy] ?? {};
}

/** Mechanisms that mix after each stage take their layers in stages. */
const staged: ReadonlySet<string> = new Set(['cross-stitch', 'ple', 'mtan', 'branch', 'sluice']);

const targets: Readonly<Record<string, object>> = {
  classification: { target: 'kind' },
  multilabel: { target: ['flag1', 'flag2'] },
  regression: { target: 'value' },
  ordinal: { target: 'grade', classes: [0, 1, 2] },
  box: { target: ['left', 'top', 'right', 'bottom'] },
  survival: { target: { time: 'time', event: 'event' } },
};

const taskNames = ['first', 'second', 'third'] as const;
const dense = { type: 'dense', units: 4, activation: 'tanh' };

/** A spec of three tasks over one shared block, small enough that three steps take milliseconds. */
export function specOf({ strategy, mechanism, task, engine }: Case): object {
  const layers = staged.has(mechanism) ? { stages: [[dense], [dense]] } : { layers: [dense, dense] };
  const own = { experts: 3 };
  const sharing = { type: mechanism, ...(['mmoe', 'dselect-k'].includes(mechanism) ? own : {}) };
  return {
    data: {
      source: 'data.csv',
      inputs: { x: { type: 'number', from: ['a', 'b', 'c'] } },
      split: { file: 'split.csv' },
    },
    network: { trunk: { input: 'x', ...layers, sharing } },
    tasks: {
      first: { type: task, input: 'trunk', ...targets[task] },
      second: { type: 'classification', input: 'trunk', target: 'sort' },
      third: { type: 'regression', input: 'trunk', target: 'other' },
    },
    strategy: { name: strategy, ...strategyParameters(strategy, taskNames) },
    training: { batchSize: 4, steps: 3, seed: 3, engine: engine === 'wasm' ? 'wasm' : 'native' },
  };
}

const rows = 48;
const columnsOf: Readonly<Record<string, readonly string[]>> = {
  first: ['kind', 'value', 'left', 'top', 'right', 'bottom', 'flag1', 'flag2', 'grade', 'time', 'event'],
  second: ['sort'],
  third: ['other'],
};

/** Forty rows to train on, eight to validate; a label that is missing is an empty cell. */
export function filesOf({ labels }: Pick<Case, 'labels'>): Readonly<Record<string, string>> {
  const random = keyed(1, 'matrix');
  const table = Array.from({ length: rows }, (_, index) => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    const [left, top] = [random.uniform(0, 0.4), random.uniform(0, 0.4)];
    const row: Record<string, string | number> = {
      ...{ a, b, c, kind: index % 3, value: 2 * a - b, sort: index % 2 === 0 ? 'even' : 'odd', other: b * c },
      ...{ left, top, right: left + random.uniform(0.2, 0.5), bottom: top + random.uniform(0.2, 0.5) },
      ...{ flag1: index % 2, flag2: index % 5 === 0 ? 1 : 0, grade: index % 3 },
      ...{ time: random.uniform(1, 9), event: index % 3 === 0 ? 0 : 1 },
    };
    Object.values(columnsOf).forEach((columns, task) => {
      if (labeled(labels, task, index, random.uniform())) return;
      for (const column of columns) row[column] = '';
    });
    return row;
  });
  const names = Object.keys(table[0] ?? {});
  const csv = [names, ...table.map((row) => names.map((name) => row[name] ?? ''))].map((cells) => cells.join(','));
  const split = table.map((_, index) => `${String(index)},${index % 6 === 5 ? 'val' : 'train'}`);
  return { 'data.csv': `${csv.join('\n')}\n`, 'split.csv': `${['row,part', ...split].join('\n')}\n` };
}

function labeled(labels: Labels, task: number, row: number, draw: number): boolean {
  switch (labels) {
    case 'full':
      return true;
    case 'half':
      return draw < 0.5;
    case 'disjoint':
      // By sixths, so that the validation rows, every sixth, are not all of one task.
      return (row + Math.floor(row / 6)) % 3 === task;
    case 'rare':
      return task > 0 || row % 11 === 0 || row < 3;
  }
}
