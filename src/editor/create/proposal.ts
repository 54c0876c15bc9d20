/** A first spec from what is known of a data file's columns. Pure. */
import type { ColumnLook } from '../../plan/inputs/contract.ts';
import { inputRules } from '../../plan/inputs/table.ts';
import type { InputType } from '../../spec/index.ts';
import { weightText } from '../weights/lens-text.ts';

/** What the data room's profile says of a column; `kind` as there. */
export interface ColumnIdea extends ColumnLook {
  readonly name: string;
  readonly dtype: string;
  readonly distinct: number;
  readonly range?: { readonly min: number; readonly max: number } | undefined;
}

export type ProposedType = 'classification' | 'regression' | 'box';

const fewClasses = 20;

function isWhole(column: ColumnIdea): boolean {
  return column.kind === 'number' && /^u?int|^bool/.test(column.dtype);
}

/** Task types that fit a column as target, the likeliest first; none for columns that cannot be one. */
export function typesFor(column: ColumnIdea): readonly ProposedType[] {
  switch (column.kind) {
    case 'category':
      return ['classification'];
    case 'number': {
      const few = column.distinct >= 2 && column.distinct <= fewClasses;
      if (!few) return ['regression'];
      return isWhole(column) || column.distinct <= 5
        ? ['classification', 'regression']
        : ['regression', 'classification'];
    }
    case 'array':
      if (column.shape.length === 1 && column.shape[0] === 4) return ['box', 'regression'];
      return column.shape.length === 1 ? ['regression'] : [];
    case 'text':
    case 'empty':
      return [];
  }
}

/** The input type that fits a column, or undefined for free text, empty columns and large tables. */
export function inputTypeFor(column: ColumnIdea): InputType | undefined {
  return inputTypes.find((type) => inputRules[type].proposal?.fits(column) === true);
}

const inputTypes = Object.keys(inputRules) as readonly InputType[];

/** Row numbers and the like say nothing about a sample: not proposed as an input. */
export function looksLikeId(column: ColumnIdea, rows: number): boolean {
  return (
    /^(id|index|row|no|nr|编号|序号)$/i.test(column.name.trim()) || (column.kind === 'text' && column.distinct >= rows)
  );
}

export interface Target {
  readonly column: ColumnIdea;
  readonly type: ProposedType;
}

export interface Choice {
  readonly name: string;
  /** Relative to the spec, with `/`. */
  readonly source: string;
  readonly inputs: readonly ColumnIdea[];
  readonly targets: readonly Target[];
}

/** Comments of the new file, in the person's language. */
export interface Comments {
  readonly head: string;
  readonly inputs: string;
  /** Columns that are no part of it, and why; absent where all are. */
  readonly leftOut?: string;
  readonly network: string;
  readonly weights: string;
}

interface Entry {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The text of a spec that checks clean on that data. */
export function specText(choice: Choice, comments: Comments): string {
  const taken = new Set<string>();
  const inputs = inputEntries(choice.inputs, taken);
  const { blocks, trunk } = networkEntries(inputs, taken);
  const tasks = taskEntries(choice.targets, trunk);
  const weights = equalWeights(tasks.length);
  const lines = [
    `// ${comments.head}`,
    '{',
    `  "version": 1,`,
    `  "name": ${JSON.stringify(choice.name)},`,
    `  "data": {`,
    `    "source": ${JSON.stringify(choice.source)},`,
    `    // ${comments.inputs}`,
    ...(comments.leftOut === undefined ? [] : [`    // ${comments.leftOut}`]),
    `    "inputs": ${section(inputs, 4)},`,
    `    "split": { "train": 0.7, "validation": 0.15, "test": 0.15 }`,
    `  },`,
    `  // ${comments.network}`,
    `  "network": ${section(blocks, 2)},`,
    `  "tasks": ${section(tasks, 2)},`,
    `  // ${comments.weights}`,
    `  "weights": {`,
    tasks.map(({ name }, index) => `    ${JSON.stringify(name)}: ${weightText(weights[index] ?? NaN)}`).join(',\n'),
    `  },`,
    `  "training": { "epochs": 50, "batchSize": 32, "learningRate": 0.001, "seed": 42 }`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

interface InputEntry extends Entry {
  readonly type: InputType;
}

/** Types that are read together have one input; of others every column is its own. */
function inputEntries(columns: readonly ColumnIdea[], taken: Set<string>): readonly InputEntry[] {
  return inputTypes.flatMap((type): readonly InputEntry[] => {
    const names = columns.filter((column) => inputTypeFor(column) === type).map(({ name }) => name);
    const entry = (name: string, from: string | readonly string[]): InputEntry => ({
      name: free(name, taken),
      type,
      value: { type, from },
    });
    const { together } = inputRules[type].proposal ?? {};
    if (together === undefined) return names.map((name) => entry(name, name));
    return names.length > 0 ? [entry(together, names)] : [];
  });
}

function networkEntries(
  inputs: readonly InputEntry[],
  taken: Set<string>,
): { readonly blocks: readonly Entry[]; readonly trunk: string } {
  const eyes: Entry[] = [];
  const vectors: string[] = [];
  for (const { name, type } of inputs) {
    const layers = inputRules[type].proposal?.layers;
    if (layers === undefined) vectors.push(name);
    else eyes.push({ name: free(`${name} features`, taken), value: { input: name, layers } });
  }
  const sources = [...eyes.map(({ name }) => name), ...vectors];
  const trunk = free('trunk', taken);
  const layers = [{ type: 'dense', units: 64, activation: 'relu' }];
  const value = { input: sources.length === 1 ? sources[0] : sources, layers };
  return { blocks: [...eyes, { name: trunk, value }], trunk };
}

function taskEntries(targets: readonly Target[], trunk: string): readonly Entry[] {
  const taken = new Set<string>();
  return targets.map(({ column, type }) => {
    const pixels = type === 'box' && (column.range?.max ?? NaN) > 1.5;
    const scale = pixels ? { scale: 'pixels' } : {};
    return { name: free(column.name, taken), value: { type, target: column.name, input: trunk, ...scale } };
  });
}

/** Weights that sum to exactly 1 with at most four decimals, as equal as that allows. */
export function equalWeights(tasks: number): readonly number[] {
  return Array.from({ length: tasks }, (_, index) => {
    const before = Math.round((index * 10_000) / tasks);
    return (Math.round(((index + 1) * 10_000) / tasks) - before) / 10_000;
  });
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype', '']);

/** A name that the language takes and that is not taken. */
function free(wanted: string, taken: Set<string>): string {
  const clean = wanted
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/^task:/, '')
    .trim();
  const base = forbidden.has(clean) ? 'column' : Array.from(clean).slice(0, 90).join('');
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base} ${number}`;
  taken.add(name);
  return name;
}

/** An object with one entry a line, values on it; layers one a line. */
function section(entries: readonly Entry[], indent: number): string {
  const pad = ' '.repeat(indent);
  const body = entries.map(({ name, value }) => `${pad}  ${JSON.stringify(name)}: ${inline(value, indent + 2)}`);
  return `{\n${body.join(',\n')}\n${pad}}`;
}

function inline(value: Readonly<Record<string, unknown>>, indent: number): string {
  const pad = ' '.repeat(indent);
  const parts = Object.entries(value).map(([key, item]) => {
    if (key !== 'layers' || !Array.isArray(item)) return `${JSON.stringify(key)}: ${spaced(item)}`;
    const layers = item.map((layer) => `${pad}  ${spaced(layer)}`).join(',\n');
    return `"layers": [\n${layers}\n${pad}]`;
  });
  return `{ ${parts.join(', ')} }`;
}

/** JSON on one line with the blanks a person writes. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
