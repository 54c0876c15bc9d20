/** Arms written into the text of a spec, behind those that are there. Pure. */
import { text, type Text } from '../common/text.ts';
import { inTextOrder, nodeAt, parseTree, readSpec, type Problem, type SpecNode, type TextEdit } from '../spec/index.ts';
import { readDesign, shortArms } from './design.ts';
import { checkExperiment } from './problems/index.ts';

/** Why there is nothing that an arm could be added to. */
export const noList = text(
  'The section "experiment" has factors and no list "arms" that an arm could be added to. Write "arms" first.',
  '“experiment”一节有因素而没有可添加实验组的 "arms" 列表。请先写出 "arms"。',
);

const json = (value: unknown): string => JSON.stringify(value);

/**
 * After the last arm; where the list is only implied, it is written out with what it stood for.
 *
 * @param arms their texts, in order
 * @returns null where the text has no section `experiment`, or one whose factors are the arms
 */
export function insertArms(source: string, arms: readonly string[]): readonly TextEdit[] | null {
  const { tree } = parseTree(source);
  const experiment = nodeAt(tree, '/experiment')?.node;
  if (experiment?.kind !== 'object') return null;
  const list = experiment.members.get('arms')?.value;
  if (list?.kind === 'array' && list.items.length > 0) return [after(source, list.items.at(-1), arms)];
  if (experiment.members.has('factors')) return null;
  const written = [...shortArms.map((short) => `{ ${Object.entries(short).map(([key, value]) => `${json(key)}: ${json(value)}`).join(', ')} }`), ...arms]; // prettier-ignore
  const whole = `[${written.join(', ')}]`;
  if (list?.kind === 'array') return [{ start: list.start, end: list.end, text: whole }];
  const last = [...experiment.members.values()].at(-1);
  if (last === undefined)
    return [{ start: experiment.start + 1, end: experiment.start + 1, text: ` "arms": ${whole} ` }];
  return [after(source, { ...last.value, start: last.keyRange.start }, [`"arms": ${whole}`])];
}

/** Behind an item or member, in its manner: on a line of its own where that one is. */
function after(source: string, node: SpecNode | undefined, written: readonly string[]): TextEdit {
  const [start, end] = [node?.start ?? 0, node?.end ?? 0];
  const line = /(?:\r\n|\n|\r)[ \t]*$/.exec(source.slice(0, start));
  const gap = line === null ? ' ' : line[0];
  return { start: end, end, text: written.map((one) => `,${gap}${one}`).join('') };
}

/**
 * What the new text has that the old one had not, or what the edit made of the arms that were there; null where nothing is wrong.
 *
 * @param ids names of all arms, as they should be afterwards
 */
export function newProblem(before: string, changed: string, ids: readonly string[]): Text | null {
  const known = new Set(errorsOf(before).map(({ message }) => message.en));
  const [error] = errorsOf(changed).filter(({ message }) => !known.has(message.en));
  if (error !== undefined) return error.message;
  const now = readDesign(changed).design?.arms.map(({ id }) => id) ?? [];
  if (json(now) === json(ids)) return null;
  return text(
    'The section "experiment" cannot be read as a list of arms. Mend it first.',
    '“experiment”一节无法作为实验组列表读取。请先修正。',
  );
}

function errorsOf(source: string): readonly Problem[] {
  const reading = readSpec(source);
  const found = checkExperiment(reading, readDesign(source), { speed: null, parallel: 1 });
  return inTextOrder([...reading.problems, ...found].filter(({ severity }) => severity === 'error'));
}
