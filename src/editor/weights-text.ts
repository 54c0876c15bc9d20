/** The `weights` section in a spec's text, also while the rest is broken, and minimal edits of it. Pure. */
import type { TextEdit } from '../spec/index.ts';
import { parseTree, type Member, type SpecNode } from '../spec/tree.ts';
import { weightText } from './lens-text.ts';
import type { OffsetRange } from './pointers.ts';

export interface WeightEntry {
  readonly task: string;
  /** Null while what stands there is no number that a weight can be. */
  readonly value: number | null;
  /** The whole property, key and value. */
  readonly property: OffsetRange;
  readonly valueRange: OffsetRange;
}

export interface WeightsSection {
  /** The key `"weights"`. */
  readonly key: OffsetRange;
  /** The object's braces included. */
  readonly object: OffsetRange;
  /** In source order. */
  readonly entries: readonly WeightEntry[];
}

export interface SpecOutline {
  readonly root: OffsetRange;
  readonly weights: WeightsSection | undefined;
  /** Names under `tasks`, in source order. */
  readonly tasks: readonly string[];
  /** Where the last top-level value ends; undefined in an empty object. */
  readonly lastMember: number | undefined;
}

const step = 0.05;

/** Undefined where the text holds no object. */
export function outlineOf(text: string): SpecOutline | undefined {
  const { tree } = parseTree(text);
  if (tree?.kind !== 'object') return undefined;
  const weights = tree.members.get('weights');
  const tasks = tree.members.get('tasks')?.value;
  return {
    root: { start: tree.start, end: tree.end },
    weights: weights && sectionOf(weights),
    tasks: tasks?.kind === 'object' ? [...tasks.members.keys()] : [],
    lastMember: [...tree.members.values()].at(-1)?.value.end,
  };
}

function sectionOf({ keyRange, value: node }: Member): WeightsSection | undefined {
  if (node.kind !== 'object') return undefined;
  const entries = [...node.members.values()].map(({ key, keyRange: start, value }): WeightEntry => ({
    task: key,
    value: weightIn(value),
    property: { start: start.start, end: Math.max(start.end, value.end) },
    valueRange: { start: value.start, end: value.end },
  }));
  return { key: keyRange, object: { start: node.start, end: node.end }, entries };
}

function weightIn(node: SpecNode): number | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') return null;
  return Number.isFinite(node.value) && node.value >= 0 ? node.value : null;
}

/** At most four decimals, never below zero. */
export function roundWeight(value: number): number {
  return Math.max(0, Math.round(value * 10_000) / 10_000);
}

/** One step of the `−` and `+` handles. */
export function stepped(value: number, direction: -1 | 1): number {
  return roundWeight(value + direction * step);
}

/** The weight in force: as written, or 1 for a task that is not named. */
export function weightOf(outline: SpecOutline, task: string): number | null {
  const entry = outline.weights?.entries.find((candidate) => candidate.task === task);
  return entry ? entry.value : 1;
}

/** Gives tasks these weights: values are replaced where they stand, missing entries go after the last one. */
export function editsFor(
  text: string,
  outline: SpecOutline,
  weights: ReadonlyMap<string, number>,
): readonly TextEdit[] {
  const { weights: section } = outline;
  if (!section) return [insertSection(text, outline, weights)];
  const edits: TextEdit[] = [];
  const missing: string[] = [];
  for (const [task, value] of weights) {
    const entry = section.entries.find((candidate) => candidate.task === task);
    const written = weightText(value);
    if (!entry) missing.push(`${JSON.stringify(task)}: ${written}`);
    else if (text.slice(entry.valueRange.start, entry.valueRange.end) !== written) {
      edits.push({ ...entry.valueRange, text: written });
    }
  }
  return missing.length > 0 ? [...edits, insertEntries(text, section, missing)] : edits;
}

function insertEntries(text: string, section: WeightsSection, entries: readonly string[]): TextEdit {
  const last = section.entries.at(-1);
  if (!last) {
    const { start, end } = section.object;
    return { start: start + 1, end: end - 1, text: ` ${entries.join(', ')} ` };
  }
  const at = last.property.end;
  const first = section.entries[0]?.property.start ?? at;
  // One a line where they already stand so.
  const ownLine = text.slice(section.object.start, first).includes('\n');
  const between = ownLine ? `,${lineBreak(text)}${indentAt(text, last.property.start)}` : ', ';
  return { start: at, end: at, text: between + entries.join(between) };
}

function insertSection(text: string, outline: SpecOutline, weights: ReadonlyMap<string, number>): TextEdit {
  const entries = [...weights].map(([task, value]) => `${JSON.stringify(task)}: ${weightText(value)}`);
  const end = outline.root.end - 1;
  const body = text.slice(outline.root.start + 1, end);
  const content = lastContent(text, outline);
  const comma = content === undefined || text[content - 1] === ',' ? '' : ',';
  const at = content ?? outline.root.start + 1;
  const many = body.includes('\n');
  const section = `"weights": { ${entries.join(', ')} }`;
  return { start: at, end: at, text: many ? `${comma}${lineBreak(text)}  ${section}` : `${comma} ${section} ` };
}

/** The end of the last property, after its comma where it has one; undefined in an empty object. */
function lastContent(text: string, { lastMember, root }: SpecOutline): number | undefined {
  if (lastMember === undefined) return undefined;
  const comma = /^\s*,/.exec(text.slice(lastMember, root.end));
  return lastMember + (comma ? comma[0].length : 0);
}

function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

const units = 10_000;

/**
 * Weights in the same proportions whose sum is exactly 1, added as a reader would, in source order; at most four
 * decimals. A positive weight stays positive. Undefined when they sum to nothing.
 */
export function normalized(weights: ReadonlyMap<string, number>): ReadonlyMap<string, number> | undefined {
  const entries = [...weights];
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  if (!(sum > 0) || !Number.isFinite(sum) || entries.length > units) return undefined;
  const exact = entries.map(([, weight]) => (weight / sum) * units);
  const parts = exact.map((part, index) => Math.max(entries[index]?.[1] === 0 ? 0 : 1, Math.floor(part)));
  spread(parts, exact);
  const found = exactly(parts);
  return new Map(entries.map(([task], index) => [task, (found[index] ?? 0) / units]));
}

/** Largest remainders: hands out what flooring left over, or takes back what the minimum of one unit gave too much. */
function spread(parts: number[], exact: readonly number[]): void {
  for (let rest = units - total(parts); rest !== 0; rest = units - total(parts)) {
    const direction = Math.sign(rest);
    let best = -1;
    for (const [index, part] of parts.entries()) {
      if (direction < 0 && part <= 1) continue;
      if (direction > 0 && exact[index] === 0) continue;
      const gap = ((exact[index] ?? 0) - part) * direction;
      if (best < 0 || gap > ((exact[best] ?? 0) - (parts[best] ?? 0)) * direction) best = index;
    }
    if (best < 0) return;
    parts[best] = (parts[best] ?? 0) + direction;
  }
}

const total = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
const floatSum = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part / units, 0);

/** Decimals are not exact in binary: 0.7 + 0.2 + 0.1 is less than 1. Moves single units until the sum is exactly 1. */
function exactly(parts: readonly number[]): readonly number[] {
  if (floatSum(parts) === 1) return parts;
  for (const size of [1, 2, 3, 5, 8]) {
    for (const [from, more] of parts.entries()) {
      for (const to of parts.keys()) {
        if (from === to || more <= size || parts[to] === 0) continue;
        const moved = parts.map((part, index) => part - (index === from ? size : 0) + (index === to ? size : 0));
        if (floatSum(moved) === 1) return moved;
      }
    }
  }
  return parts;
}
