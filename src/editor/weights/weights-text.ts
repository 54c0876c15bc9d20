/** Where the `weights` of a spec stand in its text, also while the rest is broken. Pure. */
import { namesDefined, parseTree, type Member, type Range, type SpecNode } from '../../spec/index.ts';

export interface WeightEntry {
  readonly task: string;
  /** Null while what stands there is no number that a weight can be. */
  readonly value: number | null;
  /** Key and value. */
  readonly property: Range;
}

export interface SpecOutline {
  readonly root: Range;
  readonly weights:
    | {
        /** The key `"weights"`. */
        readonly key: Range;
        /** In source order. */
        readonly entries: readonly WeightEntry[];
      }
    | undefined;
  /** Names under `tasks`, in source order. */
  readonly tasks: readonly string[];
  /** The key `"experiment"`. */
  readonly experiment: Range | undefined;
}

/** A click on `−` or `+`. */
export const weightStep = 0.05;

/** Undefined where the text holds no object. */
export function outlineOf(text: string): SpecOutline | undefined {
  const { tree } = parseTree(text);
  if (tree?.kind !== 'object') return undefined;
  const weights = tree.members.get('weights');
  const tasks = namesDefined(tree).filter(({ kind }) => kind === 'task');
  return {
    root: { start: tree.start, end: tree.end },
    weights: weights?.value.kind === 'object' ? { key: weights.keyRange, entries: entriesOf(weights) } : undefined,
    tasks: tasks.map(({ name }) => name),
    experiment: tree.members.get('experiment')?.keyRange,
  };
}

function entriesOf({ value }: Member): readonly WeightEntry[] {
  if (value.kind !== 'object') return [];
  return [...value.members.values()].map((member) => ({
    task: member.key,
    value: weightIn(member.value),
    property: { start: member.keyRange.start, end: Math.max(member.keyRange.end, member.value.end) },
  }));
}

function weightIn(node: SpecNode): number | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') return null;
  return Number.isFinite(node.value) && node.value >= 0 ? node.value : null;
}

/** Names that have or may have a weight. */
export function weightNames({ weights, tasks }: SpecOutline): readonly string[] {
  return [...new Set([...(weights?.entries.map(({ task }) => task) ?? []), ...tasks])];
}

/** The weight in force: as written, or 1 for a task that is not named. */
export function weightOf({ weights }: SpecOutline, task: string): number | null {
  const entry = weights?.entries.find((candidate) => candidate.task === task);
  return entry ? entry.value : 1;
}
