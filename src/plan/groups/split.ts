/**
 * Task groups as a tree of blocks: the text of a spec → the text of another one, in which tasks of different groups no
 * longer share the blocks that they were parted at. Comments and formatting stay where the text stays.
 *
 * Default: a block whose readers include heads of several groups is copied, one copy a group, and so is every block
 * between two copies; what lies above stays shared. `separate` copies everything that several groups reach: networks of
 * their own, as the groups' budget counts them. A task that only helps in a group gets a second head there.
 */
import { text, type Text } from '../../common/text.ts';
import { applyEdits, nameMistake, parseTree } from '../../spec/index.ts';
import type { Member, ObjectNode, SpecNode, TextEdit } from '../../spec/index.ts';
import type { Plan, PlanSource } from '../plan.ts';

export interface TaskGroup {
  readonly members: readonly string[];
  /** Tasks whose predictions are taken from this group. */
  readonly serves: readonly string[];
}

export interface SplitOptions {
  readonly separate?: boolean;
  /** For an edit of the spec itself, not a proposal beside it: no comment in front, and the same name. */
  readonly inPlace?: boolean;
}

export type Split = { readonly text: string } | { readonly refused: Text };

/**
 * @param source the spec's text, which `plan` was made of
 * @param groups every task of the plan is served by exactly one
 */
export function splitIntoGroups(
  source: string,
  plan: Plan,
  groups: readonly TaskGroup[],
  options: SplitOptions = {},
): Split {
  const { tree } = parseTree(source);
  const parts = tree?.kind === 'object' ? partsOf(tree) : undefined;
  if (!parts) return refuse('The spec has no network and tasks to part.', '实验描述文件中没有可拆分的网络与任务。');
  const heads = headsOf(plan, groups);
  const reaching = groupsReaching(plan, heads);
  const split = blocksToSplit(plan, heads, reaching, options.separate === true);
  if (split.size === 0) return nothingToPart(groups, options);
  const mechanism = brokenMechanism(plan, split, reaching, heads);
  if (mechanism) return mechanism;
  const copies = namesOfCopies(plan, split, reaching);
  const writer = new Writer(source, copies, reaching, heads);
  const edits = [
    ...writer.networkEdits(parts.network, split, plan),
    ...writer.taskEdits(parts.tasks),
    ...writer.weightEdits(parts.weights),
    ...(options.inPlace === true ? [] : writer.nameEdits(parts.name)),
  ];
  return { text: `${options.inPlace === true ? '' : remark(groups)}${applyEdits(source, edits)}` };
}

const refuse = (en: string, zh: string): Split => ({ refused: text(en, zh) });

function nothingToPart(groups: readonly TaskGroup[], { separate }: SplitOptions): Split {
  if (groups.length < 2)
    return refuse('One group of all tasks is the spec as it is.', '所有任务同属一组即为原实验描述文件。');
  return separate === true
    ? refuse('The groups share no block already.', '各组之间本来就不共享任何模块。')
    : refuse(
        'The heads of different groups read different blocks already. To part what lies above as well, use --separate.',
        '各组的任务头本来就读取不同的模块。若要连同上层一并拆分，请用 --separate。',
      );
}

interface Parts {
  readonly network: ObjectNode;
  readonly tasks: ObjectNode;
  readonly weights: ObjectNode | undefined;
  readonly name: Member | undefined;
}

function partsOf(tree: ObjectNode): Parts | undefined {
  const objectAt = (key: string): ObjectNode | undefined => {
    const node = tree.members.get(key)?.value;
    return node?.kind === 'object' ? node : undefined;
  };
  const [network, tasks] = [objectAt('network'), objectAt('tasks')];
  return network && tasks && { network, tasks, weights: objectAt('weights'), name: tree.members.get('name') };
}

/** One head of a task: the group that it stands in, and whether its predictions are taken. */
interface Head {
  readonly task: string;
  readonly group: number;
  readonly serves: boolean;
  /** Its name in the new spec. */
  readonly name: string;
}

/** All heads, in the order of the tasks; the one that serves a task first, under the task's own name. */
function headsOf(plan: Plan, groups: readonly TaskGroup[]): readonly Head[] {
  const taken = new Set([...plan.tasks.keys(), ...plan.blocks.keys(), ...plan.inputs.keys()]);
  return [...plan.tasks.keys()].flatMap((task) => {
    const served = groups.findIndex(({ serves }) => serves.includes(task));
    const helps = [...groups.keys()].filter((group) => group !== served && groups[group]?.members.includes(task));
    return [
      { task, group: Math.max(served, 0), serves: true, name: task },
      ...helps.map((group) => ({ task, group, serves: false, name: freshName(`${task} (${group + 1})`, taken) })),
    ];
  });
}

function freshName(wanted: string, taken: Set<string>): string {
  let name = nameMistake(wanted) === undefined ? wanted : Array.from(wanted).slice(-90).join('').trim();
  for (let count = 2; taken.has(name); count++) name = `${wanted} ${count}`;
  taken.add(name);
  return name;
}

/** Which groups each block serves, by its readers' heads: block → groups, ascending. */
type Reaching = ReadonlyMap<string, readonly number[]>;

function groupsReaching(plan: Plan, heads: readonly Head[]): Reaching {
  const found = new Map([...plan.blocks.keys()].map((name) => [name, new Set<number>()]));
  const visit = (sources: readonly PlanSource[], group: number): void => {
    for (const source of sources) {
      const groups = source.kind === 'block' ? found.get(source.name) : undefined;
      if (!groups || groups.has(group)) continue;
      groups.add(group);
      visit(plan.blocks.get(source.name)?.sources ?? [], group);
    }
  };
  for (const { task, group } of heads) visit(plan.tasks.get(task)?.sources ?? [], group);
  return new Map([...found].map(([name, groups]) => [name, [...groups].sort((a, b) => a - b)]));
}

function blocksToSplit(plan: Plan, heads: readonly Head[], reaching: Reaching, separate: boolean): ReadonlySet<string> {
  const several = (name: string): boolean => (reaching.get(name)?.length ?? 0) > 1;
  if (separate) return new Set([...plan.blocks.keys()].filter(several));
  const split = new Set(
    [...plan.blocks.keys()].filter((name) => several(name) && hasHeadsOfSeveral(plan, name, heads)),
  );
  // Below a copied block nothing may join the groups again.
  for (let before = -1; before !== split.size;) {
    before = split.size;
    for (const [name, { sources }] of plan.blocks) {
      if (several(name) && sources.some((source) => source.kind === 'block' && split.has(source.name))) split.add(name);
    }
  }
  return split;
}

const reads = (sources: readonly PlanSource[], block: string): boolean =>
  sources.some((source) => source.kind === 'block' && source.name === block);

function hasHeadsOfSeveral(plan: Plan, block: string, heads: readonly Head[]): boolean {
  const groups = heads
    .filter(({ task }) => reads(plan.tasks.get(task)?.sources ?? [], block))
    .map(({ group }) => group);
  return new Set(groups).size > 1;
}

/** A mechanism that decides what its readers share needs two of them in every copy. */
function brokenMechanism(
  plan: Plan,
  split: ReadonlySet<string>,
  reaching: Reaching,
  heads: readonly Head[],
): Split | undefined {
  for (const name of split) {
    const sharing = plan.blocks.get(name)?.sharing;
    if (!sharing) continue;
    const alone = (reaching.get(name) ?? []).some((group) => {
      const tasks = heads.filter(
        (head) => head.group === group && reads(plan.tasks.get(head.task)?.sources ?? [], name),
      );
      const blocks = [...plan.blocks].filter(
        ([other, { sources }]) => reads(sources, name) && reaching.get(other)?.includes(group) === true,
      );
      return tasks.length + blocks.length < 2;
    });
    if (!alone) continue;
    return refuse(
      `The block "${name}" shares by "${sharing.type}", and one of the groups would leave it a single reader. Groups are for hard sharing: take "sharing" out first.`,
      `模块“${name}”采用“${sharing.type}”共享，分组后其某一副本只剩一个使用者。分组适用于硬共享：请先删除 "sharing"。`,
    );
  }
  return undefined;
}

/** Names of the copies: block → group → name. */
type Copies = ReadonlyMap<string, ReadonlyMap<number, string>>;

function namesOfCopies(plan: Plan, split: ReadonlySet<string>, reaching: Reaching): Copies {
  const taken = new Set([...plan.blocks.keys(), ...plan.tasks.keys(), ...plan.inputs.keys()]);
  return new Map(
    [...split].map((block) => {
      const groups = reaching.get(block) ?? [];
      return [block, new Map(groups.map((group) => [group, freshName(`${block} ${group + 1}`, taken)]))];
    }),
  );
}

/** A comment for people, in front of everything. */
function remark(groups: readonly TaskGroup[]): string {
  const list = groups.map(({ members, serves }) => {
    const helpers = members.filter((task) => !serves.includes(task));
    const own = serves.map(plainName).join(', ');
    return helpers.length === 0 ? `[${own}]` : `[${own} + ${helpers.map(plainName).join(', ')}]`;
  });
  return `// Task groups from measured affinity: ${list.join(' ')}. A proposal, not a result: compare it with the spec as it was.\n// 由测得的任务亲和度得出的任务分组；仅为建议，请与原实验描述文件比较。\n`;
}

/** A name may hold anything; in a comment it must stay on its line. */
const plainName = (name: string): string => name.replace(/[\r\n\u2028\u2029]/g, ' ');

/** Makes the edits; ranges are those of the old text. */
class Writer {
  readonly #source: string;
  readonly #copies: Copies;
  readonly #reaching: Reaching;
  readonly #heads: readonly Head[];

  constructor(source: string, copies: Copies, reaching: Reaching, heads: readonly Head[]) {
    this.#source = source;
    this.#copies = copies;
    this.#reaching = reaching;
    this.#heads = heads;
  }

  networkEdits(network: ObjectNode, split: ReadonlySet<string>, plan: Plan): TextEdit[] {
    return [...network.members.values()].flatMap((member) => {
      const groups = this.#reaching.get(member.key) ?? [];
      if (!plan.blocks.has(member.key)) return [];
      if (!split.has(member.key)) return groups.length === 1 ? this.#inputEdits(member, groups[0] ?? 0) : [];
      const copies = groups.map((group) => this.#copyOf(member, group, this.#copies.get(member.key)?.get(group) ?? ''));
      return [{ start: member.keyRange.start, end: member.value.end, text: copies.join(`,${this.#gap(member)}`) }];
    });
  }

  taskEdits(tasks: ObjectNode): TextEdit[] {
    return [...tasks.members.values()].flatMap((member) => {
      const [own, ...helps] = this.#heads.filter(({ task }) => task === member.key);
      if (!own) return [];
      const edits = this.#inputEdits(member, own.group);
      if (helps.length === 0) return edits;
      const more = helps.map(({ group, name }) => `,${this.#gap(member)}${this.#copyOf(member, group, name)}`);
      return [...edits, { start: member.value.end, end: member.value.end, text: more.join('') }];
    });
  }

  /** A second head weighs what the task weighs. */
  weightEdits(weights: ObjectNode | undefined): TextEdit[] {
    return [...(weights?.members.values() ?? [])].flatMap((member) => {
      const helps = this.#heads.filter(({ task, serves }) => task === member.key && !serves);
      const value = this.#source.slice(member.value.start, member.value.end);
      const more = helps.map(({ name }) => `,${this.#gap(member)}${JSON.stringify(name)}: ${value}`).join('');
      return more === '' ? [] : [{ start: member.value.end, end: member.value.end, text: more }];
    });
  }

  nameEdits(name: Member | undefined): TextEdit[] {
    if (name?.value.kind !== 'scalar' || typeof name.value.value !== 'string') return [];
    const { start, end } = name.value;
    return [{ start, end, text: JSON.stringify(`${name.value.value} (groups)`) }];
  }

  /** A member under another name, reading the copies of a group. */
  #copyOf(member: Member, group: number, name: string): string {
    const { start, end } = member.keyRange;
    const edits = [{ start, end, text: JSON.stringify(name) }, ...this.#inputEdits(member, group)];
    const moved = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    return applyEdits(this.#source.slice(start, member.value.end), moved);
  }

  #inputEdits(member: Member, group: number): TextEdit[] {
    const input = member.value.kind === 'object' ? member.value.members.get('input')?.value : undefined;
    const nodes: readonly SpecNode[] = input?.kind === 'array' ? input.items : input ? [input] : [];
    return nodes.flatMap((node) => {
      const target = referenceIn(node);
      const copy = target && this.#copies.get(target.name)?.get(group);
      if (!target || copy === undefined) return [];
      return [{ start: target.node.start, end: target.node.end, text: JSON.stringify(copy) }];
    });
  }

  /** What stands between members: a line break with its indentation, or a space. */
  #gap(member: Member): string {
    const before = /(?:\r\n|\n|\r)[ \t]*$/.exec(this.#source.slice(0, member.keyRange.start));
    return before === null ? ' ' : before[0];
  }
}

/** The name that an entry of `input` refers to, and where it is written. */
function referenceIn(node: SpecNode): { readonly name: string; readonly node: SpecNode } | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') return { name: node.value, node };
  if (node.kind !== 'object') return undefined;
  const from = node.members.get('from')?.value;
  return from?.kind === 'scalar' && typeof from.value === 'string' ? { name: from.value, node: from } : undefined;
}
