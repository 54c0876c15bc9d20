/**
 * Task groups that a run proposes, as an experiment: all tasks together, the groups as a tree of blocks, each task alone. It is
 * what shows whether the proposal is worth anything. Pure.
 */
import { text, type Text } from '../common/text.ts';
import { applyEdits, nodeAt, parseTree, readSpec, type ArmSpec, type TextEdit } from '../spec/index.ts';
import { insertArms, newProblem, noList } from './add-arms.ts';
import { readDesign } from './design.ts';

export interface AffinityArms {
  readonly text: string;
  /** Names of the three arms, those that were there already included. */
  readonly shared: string;
  readonly groups: string;
  readonly single: string;
  /** Of the three those that were written. */
  readonly added: readonly string[];
}

/** Replicates of an experiment that is begun here. */
const replicates = 5;
const names = { shared: 'shared', groups: 'groups', single: 'single' } as const;
/** What a tree of blocks changes of a spec. */
const sections = ['network', 'tasks', 'weights'] as const;

const json = (value: unknown): string => JSON.stringify(value);

/**
 * @param source the text of a spec, with a section `experiment` or without
 * @param grouped the same spec with its tasks parted into groups, as `splitIntoGroups` writes it
 * @returns the text with the arms behind those that are there, or why they cannot be written
 */
export function affinityArms(source: string, grouped: string): AffinityArms | { readonly refused: Text } {
  const { spec } = readSpec(source);
  if (spec === undefined) {
    return { refused: text('The spec cannot be read.', '无法读取实验描述文件。') };
  }
  const before = spec.experiment === undefined ? [] : (readDesign(source).design?.arms.map(({ id }) => id) ?? []);
  const written = spec.experiment?.arms ?? [];
  const implied = spec.experiment !== undefined && written.length === 0 ? before : [];
  const shared = written.find(isPlain)?.id ?? implied[0];
  const single = written.find(isSingle)?.id ?? implied[1];
  const arms = [
    ...(shared === undefined ? [{ id: names.shared, text: `{ "id": ${json(names.shared)} }` }] : []),
    { id: names.groups, text: groupsText(source, grouped) },
    ...(single === undefined
      ? [{ id: names.single, text: `{ "id": ${json(names.single)}, "auto": "single-task" }` }]
      : []),
  ];
  const taken = arms.find(({ id }) => before.includes(id));
  if (taken !== undefined) return { refused: takenText(taken.id) };
  const edits = spec.experiment === undefined ? begun(source, arms) : insertArms(source, arms.map((arm) => arm.text)); // prettier-ignore
  if (edits === null) return { refused: noList };
  const changed = applyEdits(source, [...nameEdits(source), ...edits]);
  const added = arms.map(({ id }) => id);
  const refused = newProblem(source, changed, [...before, ...added]);
  if (refused !== null) return { refused };
  return { text: changed, shared: shared ?? names.shared, groups: names.groups, single: single ?? names.single, added };
}

/** A name of its own: its experiment lies in a folder that is called by it. */
function nameEdits(source: string): readonly TextEdit[] {
  const node = nodeAt(parseTree(source).tree, '/name')?.node;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return [];
  return [{ start: node.start, end: node.end, text: json(`${node.value} (affinity)`) }];
}

/** The spec as it stands. */
const isPlain = (arm: ArmSpec): boolean => !('auto' in arm) && (arm.set?.size ?? 0) === 0 && arm.tune === undefined;
const isSingle = (arm: ArmSpec): boolean => 'auto' in arm && arm.auto === 'single-task' && (arm.set?.size ?? 0) === 0;

function takenText(id: string): Text {
  return text(
    `There is an arm "${id}" already, and it is another one. Rename it, or take the arms into another spec.`,
    `已有实验组“${id}”，且内容不同。请将其改名，或把这些实验组写入另一描述文件。`,
  );
}

/** The parts of the spec that the groups change, whole, comments and line breaks as they are. */
function groupsText(source: string, grouped: string): string {
  const [before, after] = [source, grouped].map((written) => {
    const { tree } = parseTree(written);
    return sections.map((key) => {
      const node = nodeAt(tree, `/${key}`)?.node;
      return node === undefined ? null : written.slice(node.start, node.end);
    });
  });
  const set = sections.flatMap((key, at) => {
    const part = after?.[at];
    return part === null || part === undefined || part === before?.[at] ? [] : [`${json(`/${key}`)}: ${part}`];
  });
  return `{ "id": ${json(names.groups)}, "set": { ${set.join(', ')} } }`;
}

/** The section itself, behind everything else. */
function begun(source: string, arms: readonly { readonly text: string }[]): readonly TextEdit[] | null {
  const { tree } = parseTree(source);
  const last = tree?.kind === 'object' ? [...tree.members.values()].at(-1) : undefined;
  if (last === undefined) return null;
  const line = /(?:\r\n|\n|\r)[ \t]*$/.exec(source.slice(0, last.keyRange.start));
  const gap = line === null ? ' ' : line[0];
  const list = arms.map((arm) => `${gap}    ${arm.text}`).join(',');
  const section = `"experiment": {${gap}  "replicates": ${String(replicates)},${gap}  "baseline": ${json(names.single)},${gap}  "arms": [${list}${gap}  ]${gap}}`;
  return [{ start: last.value.end, end: last.value.end, text: `,${gap}${section}` }];
}
