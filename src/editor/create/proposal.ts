/** A first spec from what is known of a data file's columns. Pure. */
import { weightText } from '../weights/lens-text.ts';

/** What the data room's profile says of a column; `kind` as there. */
export interface ColumnIdea {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'text' | 'array' | 'empty';
  /** Shape of one row. */
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly distinct: number;
  readonly range?: { readonly min: number; readonly max: number } | undefined;
}

const taskTypes = ['classification', 'regression', 'box'] as const;
export type ProposedType = (typeof taskTypes)[number];

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

export type InputType = 'number' | 'category' | 'image';

/** The input type that fits a column, or undefined for free text, empty columns and large tables. */
export function inputTypeFor(column: ColumnIdea): InputType | undefined {
  switch (column.kind) {
    case 'number':
      return 'number';
    case 'category':
      return 'category';
    case 'array':
      if (column.shape.length === 1) return 'number';
      return isImage(column.shape) ? 'image' : undefined;
    case 'text':
    case 'empty':
      return undefined;
  }
}

function isImage(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 1] = shape;
  return shape.length >= 2 && shape.length <= 3 && height >= 4 && width >= 4 && channels <= 4;
}

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
    `    "inputs": ${section(inputs, 4)},`,
    `    "split": { "train": 0.7, "validation": 0.15, "test": 0.15 }`,
    `  },`,
    `  // ${comments.network}`,
    `  "network": ${section(blocks, 2)},`,
    `  "tasks": ${section(tasks, 2)},`,
    `  // ${comments.weights}`,
    `  "weights": {`,
    tasks.map(({ name }, index) => `    ${JSON.stringify(name)}: ${weightText(weights[index] ?? 0)}`).join(',\n'),
    `  },`,
    `  "training": { "epochs": 50, "batchSize": 32, "learningRate": 0.001, "seed": 42 }`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** Numbers in one input; every category and every image its own. */
function inputEntries(columns: readonly ColumnIdea[], taken: Set<string>): readonly Entry[] {
  const of = (type: InputType): readonly ColumnIdea[] => columns.filter((column) => inputTypeFor(column) === type);
  const numbers = of('number').map(({ name }) => name);
  return [
    ...of('image').map(({ name }): Entry => ({ name: free(name, taken), value: { type: 'image', from: name } })),
    ...(numbers.length > 0 ? [{ name: free('numbers', taken), value: { type: 'number', from: numbers } }] : []),
    ...of('category').map(({ name }): Entry => ({ name: free(name, taken), value: { type: 'category', from: name } })),
  ];
}

function networkEntries(
  inputs: readonly Entry[],
  taken: Set<string>,
): { readonly blocks: readonly Entry[]; readonly trunk: string } {
  const images = inputs.filter(({ value }) => value['type'] === 'image');
  const others = inputs.filter(({ value }) => value['type'] !== 'image');
  const eyes = images.map(({ name }): Entry => ({ name: free(`${name} features`, taken), value: imageBlock(name) }));
  const sources = [...eyes, ...others].map(({ name }) => name);
  const trunk = free('trunk', taken);
  const layers = [{ type: 'dense', units: 64, activation: 'relu' }];
  const value = { input: sources.length === 1 ? sources[0] : sources, layers };
  return { blocks: [...eyes, { name: trunk, value }], trunk };
}

function imageBlock(input: string): Readonly<Record<string, unknown>> {
  return {
    input,
    layers: [
      { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
    ],
  };
}

function taskEntries(targets: readonly Target[], trunk: string): readonly Entry[] {
  const taken = new Set<string>();
  return targets.map(({ column, type }) => {
    const pixels = type === 'box' && (column.range?.max ?? 0) > 1.5;
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
