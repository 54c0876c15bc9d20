/** Edits of `weights` that keep comments and formatting. Each is a list of edits that undo as one step. */
import { parseTree } from '../reading/tree.ts';
import type { Member, ObjectNode, SpecNode } from '../reading/tree.ts';
import type { TextEdit } from '../problem.ts';

const decimals = 4;
const unit = 10 ** decimals;

/** Not below 0, at most 4 decimals. */
export function tidyWeight(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value * unit) / unit) : 0;
}

/** One of the steps − and + of the lenses: 0.05 by default. */
export const steppedWeight = (value: number, step: number): number => tidyWeight(value + step);

const memberOf = (node: SpecNode | undefined, key: string): Member | undefined =>
  node?.kind === 'object' ? node.members.get(key) : undefined;

interface Written {
  readonly tree: SpecNode;
  readonly weights?: ObjectNode;
  readonly tasks: readonly string[];
}

function written(source: string): Written | undefined {
  const { tree } = parseTree(source);
  if (tree?.kind !== 'object') return undefined;
  const weights = memberOf(tree, 'weights')?.value;
  const tasks = memberOf(tree, 'tasks')?.value;
  const names = tasks?.kind === 'object' ? [...tasks.members.keys()] : [];
  if (weights !== undefined && weights.kind !== 'object') return undefined;
  return { tree, tasks: names, ...(weights === undefined ? {} : { weights }) };
}

/** Sets the weight of a task, adding the entry (or the section) where there is none. Nothing where the text cannot be edited. */
export function editWeight(source: string, task: string, value: number): readonly TextEdit[] {
  return editWeights(source, new Map([[task, tidyWeight(value)]]));
}

/** Adds a weight of 1 for a task that has none. */
export function addWeight(source: string, task: string, value = 1): readonly TextEdit[] {
  return memberOf(written(source)?.weights, task) === undefined ? editWeight(source, task, value) : [];
}

/**
 * Weights in their present proportions whose decimal numbers sum to exactly 1, with at most 4 decimals (largest
 * remainders). Tasks without an entry count 1 and get one; all zero gives equal shares.
 */
export function normalizeWeights(source: string): readonly TextEdit[] {
  const found = written(source);
  if (found === undefined) return [];
  const names = new Set([...(found.weights?.members.keys() ?? []), ...found.tasks]);
  const values = new Map([...names].map((name) => [name, weightOf(memberOf(found.weights, name)?.value)]));
  return values.size === 0 || values.size > unit ? [] : editWeights(source, normalized(values));
}

const weightOf = (node: SpecNode | undefined): number => {
  if (node === undefined) return 1;
  return node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)
    ? Math.max(0, node.value)
    : 0;
};

/** Shares of 1 in units of 10⁻⁴, by largest remainders. */
export function normalized(weights: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const largest = Math.max(...weights.values());
  // Divided by the largest first, so that huge weights do not sum to Infinity.
  const scaled = [...weights].map(([name, value]) => [name, largest > 0 ? value / largest : 1] as const);
  const sum = scaled.reduce((total, [, value]) => total + value, 0);
  const shares = scaled.map(([name, value]) => {
    const exact = (value / sum) * unit;
    return { name, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  const missing = unit - shares.reduce((total, { whole }) => total + whole, 0);
  const first = new Set(
    [...shares]
      .sort((a, b) => b.rest - a.rest)
      .slice(0, Math.max(0, missing))
      .map(({ name }) => name),
  );
  const parts = exactly(shares.map(({ name, whole }) => whole + (first.has(name) ? 1 : 0)));
  return new Map(shares.map(({ name }, index) => [name, (parts[index] ?? 0) / unit]));
}

const floatSum = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part / unit, 0);

/** Decimals are not exact in binary: 0.7 + 0.2 + 0.1 is less than 1. Moves a few units until the sum, in order, is 1. */
function exactly(parts: readonly number[]): readonly number[] {
  // With a great many tasks a difference of one rounding is nobody's concern.
  if (floatSum(parts) === 1 || parts.length > 64) return parts;
  for (const size of [1, 2, 3, 5, 8]) {
    for (const [from, most] of parts.entries()) {
      for (const [to, least] of parts.entries()) {
        if (from === to || most <= size || least === 0) continue;
        const moved = parts.map((part, index) => part - size * Number(index === from) + size * Number(index === to));
        if (floatSum(moved) === 1) return moved;
      }
    }
  }
  return parts;
}

/** Sets the weights of several tasks; those that stand there already are left alone. */
export function editWeights(source: string, wanted: ReadonlyMap<string, number>): readonly TextEdit[] {
  const found = written(source);
  if (found === undefined) return [];
  const { weights } = found;
  if (weights === undefined) return insertSection(source, found.tree, wanted);
  const edits: TextEdit[] = [];
  const fresh: (readonly [string, number])[] = [];
  for (const [name, value] of wanted) {
    const member = weights.members.get(name);
    if (member === undefined) fresh.push([name, value]);
    else if (member.value.kind !== 'nothing' && source.slice(member.value.start, member.value.end) !== String(value)) {
      edits.push({ start: member.value.start, end: member.value.end, text: String(value) });
    }
  }
  return fresh.length === 0 ? edits : [...edits, insertInto(source, weights, fresh)];
}

const pairText = ([name, value]: readonly [string, number]): string => `${JSON.stringify(name)}: ${value}`;

/** After the last member, in its manner: on a line of its own where the others are. */
function insertInto(source: string, object: ObjectNode, fresh: readonly (readonly [string, number])[]): TextEdit {
  const members = [...object.members.values()];
  const last = members.at(-1);
  const written = fresh.map(pairText);
  if (last === undefined) return { start: object.start + 1, end: object.start + 1, text: ` ${written.join(', ')} ` };
  const before = /(?:\r\n|\n|\r)[ \t]*$/.exec(source.slice(0, last.keyRange.start));
  const gap = before === null ? ' ' : before[0];
  return { start: last.value.end, end: last.value.end, text: written.map((one) => `,${gap}${one}`).join('') };
}

/** A `weights` section after `tasks`. */
function insertSection(source: string, tree: SpecNode, wanted: ReadonlyMap<string, number>): readonly TextEdit[] {
  const after = memberOf(tree, 'tasks') ?? (tree.kind === 'object' ? [...tree.members.values()].at(-1) : undefined);
  const content = `"weights": { ${[...wanted].map(pairText).join(', ')} }`;
  if (after === undefined) return [{ start: tree.start + 1, end: tree.start + 1, text: ` ${content} ` }];
  const before = /(?:\r\n|\n|\r)[ \t]*$/.exec(source.slice(0, after.keyRange.start));
  const gap = before === null ? ' ' : before[0];
  return [{ start: after.value.end, end: after.value.end, text: `,${gap}${content}` }];
}
