/** Edits of `strategy` that keep comments and formatting around it. Pure. */
import { parseTree, type Member, type Range, type SpecNode, type TextEdit } from '../../spec/index.ts';

const memberOf = (node: SpecNode | undefined, key: string): Member | undefined =>
  node?.kind === 'object' ? node.members.get(key) : undefined;

/** Where a remark on the strategy belongs: its key, else that of `weights`, else that of `tasks`, else the opening brace. */
export function strategyPlace(text: string): Range | undefined {
  const { tree } = parseTree(text);
  if (tree?.kind !== 'object') return undefined;
  const key = ['strategy', 'weights', 'tasks'].map((name) => memberOf(tree, name)?.keyRange).find(Boolean);
  return key ?? { start: tree.start, end: tree.start + 1 };
}

/**
 * Takes another strategy. What it is asked to `observe` stays; its other parameters belong to the old one and go.
 *
 * @param parameters beside the name, as JSON
 */
export function strategyEdit(
  text: string,
  name: string,
  parameters: Readonly<Record<string, boolean | number>> = {},
): readonly TextEdit[] {
  const { tree } = parseTree(text);
  if (tree?.kind !== 'object') return [];
  const old = memberOf(tree, 'strategy');
  const observe = memberOf(old?.value, 'observe')?.value;
  const fields = Object.entries(parameters).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  if (observe) fields.push(`"observe": ${text.slice(observe.start, observe.end)}`);
  const bare = JSON.stringify(name);
  const value = fields.length === 0 ? bare : `{ "name": ${bare}, ${fields.join(', ')} }`;
  if (old && old.value.kind !== 'nothing') return [{ start: old.value.start, end: old.value.end, text: value }];
  if (old) return [];
  return [inserted(text, tree, `"strategy": ${value}`)];
}

/** After `weights`, or `tasks`, or at the end; on a line of its own where its neighbor is. */
function inserted(text: string, tree: SpecNode, content: string): TextEdit {
  const members = tree.kind === 'object' ? [...tree.members.values()] : [];
  const after = memberOf(tree, 'weights') ?? memberOf(tree, 'tasks') ?? members.at(-1);
  if (!after) return { start: tree.start + 1, end: tree.start + 1, text: ` ${content} ` };
  const gap = /(?:\r\n|\n|\r)[ \t]*$/.exec(text.slice(0, after.keyRange.start))?.[0] ?? ' ';
  return { start: after.value.end, end: after.value.end, text: `,${gap}${content}` };
}
