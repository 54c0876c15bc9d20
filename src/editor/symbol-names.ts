/** Where a spec's text defines and uses the names of inputs, blocks and tasks. Pure. */
import type { TextEdit } from '../spec/index.ts';
import type { Member, SpecNode } from '../spec/tree.ts';
import type { OffsetRange } from './pointers.ts';

export type NameKind = 'input' | 'block' | 'task';

export interface Occurrence {
  readonly kind: NameKind;
  readonly name: string;
  readonly definition: boolean;
  /** The characters of the name, without quotes and prefixes. */
  readonly range: OffsetRange;
  /** For a definition: key and value. */
  readonly whole: OffsetRange;
  /** Writes another name at `range`. */
  readonly write: (name: string) => string;
}

/** A JSON text without its quotes. */
const inside = (name: string): string => JSON.stringify(name).slice(1, -1);
const segment = (name: string): string => inside(name.replaceAll('~', '~0').replaceAll('/', '~1'));
const unquoted = ({ start, end }: OffsetRange): OffsetRange => ({
  start: start + 1,
  end: Math.max(start + 1, end - 1),
});

function membersAt(node: SpecNode | undefined, ...path: readonly string[]): readonly Member[] {
  let found = node;
  for (const key of path) found = found?.kind === 'object' ? found.members.get(key)?.value : undefined;
  return found?.kind === 'object' ? [...found.members.values()] : [];
}

/** Every occurrence, in source order within its group. */
export function occurrencesIn(tree: SpecNode | undefined): readonly Occurrence[] {
  if (!tree) return [];
  const inputs = membersAt(tree, 'data', 'inputs');
  const blocks = membersAt(tree, 'network');
  const tasks = membersAt(tree, 'tasks');
  const kinds = new Map<string, NameKind>([
    ...inputs.map(({ key }) => [key, 'input'] as const),
    ...blocks.map(({ key }) => [key, 'block'] as const),
  ]);
  return [
    ...inputs.map((member) => keyed(member, 'input', true)),
    ...blocks.map((member) => keyed(member, 'block', true)),
    ...tasks.map((member) => keyed(member, 'task', true)),
    ...membersAt(tree, 'weights').map((member) => keyed(member, 'task', false)),
    ...[...blocks, ...tasks].flatMap((member) => sourcesOf(member.value, kinds)),
    ...monitorOf(tree),
  ];
}

function keyed({ key, keyRange, value }: Member, kind: NameKind, definition: boolean): Occurrence {
  const whole = { start: keyRange.start, end: Math.max(keyRange.end, value.end) };
  return { kind, name: key, definition, range: unquoted(keyRange), whole, write: inside };
}

/** `input` of a block or task: a name, or a list of them; `task:name` is a prediction. */
function sourcesOf(node: SpecNode, kinds: ReadonlyMap<string, NameKind>): readonly Occurrence[] {
  if (node.kind !== 'object') return [];
  const source = node.members.get('input')?.value;
  const items = source?.kind === 'array' ? source.items : source ? [source] : [];
  return items.flatMap((item): Occurrence[] => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return [];
    const text = unquoted(item);
    if (item.value.startsWith('task:')) {
      const range = { start: text.start + 'task:'.length, end: text.end };
      return [{ kind: 'task', name: item.value.slice(5), definition: false, range, whole: item, write: inside }];
    }
    const kind = kinds.get(item.value) ?? 'block';
    return [{ kind, name: item.value, definition: false, range: text, whole: item, write: inside }];
  });
}

/** `validation/<task>/<metric>` of early stopping. */
function monitorOf(tree: SpecNode): readonly Occurrence[] {
  const monitor = membersAt(tree, 'training', 'earlyStopping').find(({ key }) => key === 'monitor')?.value;
  if (monitor?.kind !== 'scalar' || typeof monitor.value !== 'string') return [];
  const [split = '', task = '', ...rest] = monitor.value.split('/');
  if (rest.length === 0) return [];
  const name = task.replaceAll('~1', '/').replaceAll('~0', '~');
  const write = (other: string): string => `${split}/${segment(other)}/${rest.map((part) => inside(part)).join('/')}`;
  return [{ kind: 'task', name, definition: false, range: unquoted(monitor), whole: monitor, write }];
}

/** The occurrence at an offset. */
export function occurrenceAt(occurrences: readonly Occurrence[], offset: number): Occurrence | undefined {
  return occurrences.find(({ range }) => range.start <= offset && offset <= range.end);
}

/** All places of the same thing. Inputs and blocks share one namespace. */
export function sameAs(occurrences: readonly Occurrence[], { kind, name }: Occurrence): readonly Occurrence[] {
  const isTask = kind === 'task';
  return occurrences.filter((other) => other.name === name && (other.kind === 'task') === isTask);
}

/** Edits that give a thing another name everywhere. */
export function renameEdits(occurrences: readonly Occurrence[], target: Occurrence, name: string): readonly TextEdit[] {
  return sameAs(occurrences, target).map(({ range, write }) => ({ ...range, text: write(name) }));
}

/** Whether another thing of the same namespace has that name already. */
export function isTaken(occurrences: readonly Occurrence[], target: Occurrence, name: string): boolean {
  const isTask = target.kind === 'task';
  return occurrences.some((other) => other.definition && other.name === name && (other.kind === 'task') === isTask);
}
