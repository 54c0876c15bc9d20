/** Weights that were found on the surface → an edit of the spec's text that adds them as an arm. Pure. */
import { text, type Text } from '../../common/text.ts';
import {
  applyEdits,
  defaultStrategy,
  inTextOrder,
  nodeAt,
  parseTree,
  pointerOf,
  readSpec,
  type Problem,
  type SpecNode,
  type TextEdit,
} from '../../spec/index.ts';
import { readDesign, shortArms } from '../design.ts';
import { variantHash } from '../identity.ts';
import { checkExperiment } from '../problems/index.ts';
import type { WeightSurface } from './contract.ts';

type AddedArm = { readonly id: string; readonly edits: readonly TextEdit[] } | { readonly refused: Text };

const refuse = (en: string, zh: string): AddedArm => ({ refused: text(en, zh) });

/**
 * @param now the text that is edited
 * @param planned the text that the experiment was begun with: what the runs have trained must be what an arm of the new text trains
 * @param weights task to weight, every task of the spec, in its order
 * @param arm as `WeightSurface.arm` says
 * @returns the arm's name and edits that keep everything else of the text as it is, or why it cannot be added
 */
export function addArm(
  now: string,
  planned: string,
  weights: ReadonlyMap<string, number>,
  arm: NonNullable<WeightSurface['arm']>,
): AddedArm {
  const [spec, before] = [readSpec(now).spec, readSpec(planned).spec];
  if (spec === undefined || before === undefined || variantHash(spec) !== variantHash(before)) {
    return refuse(
      'The spec has changed since the experiment was begun: what its runs found does not hold for it. Run the experiment of the new spec first.',
      '实验开始之后描述文件已有改动，原有运行的结果不再适用。请先运行新描述文件的实验。',
    );
  }
  const tasks = [...spec.tasks.keys()];
  const values = tasks.map((task) => tidy(weights.get(task) ?? NaN));
  if (weights.size !== tasks.length || !values.every((value) => value >= 0 && value < Infinity)) {
    return refuse('Every task needs a weight from 0 up.', '每个任务都需要一个不小于 0 的权重。');
  }
  const name = `weights ${values.join(':')}`;
  const strategy = arm === 'strategy' ? [['/strategy/name', defaultStrategy] as const] : [];
  const set = [...strategy, ...tasks.map((task, place) => [pointerOf(['weights', task]), values[place] ?? 0] as const)];
  const ids = readDesign(now).design?.arms.map(({ id }) => id) ?? [];
  const id = freeName(name, ids);
  const edits = insertion(now, armText(id, set));
  if (edits === null) {
    return refuse(
      'The section "experiment" has factors and no list "arms" that an arm could be added to. Write "arms" first.',
      '“experiment”一节有因素而没有可添加实验组的 "arms" 列表。请先写出 "arms"。',
    );
  }
  const problem = newProblem(now, applyEdits(now, edits), [...ids, id]);
  return problem === null ? { id, edits } : { refused: problem };
}

/** Six digits: what a handle gives has fewer. */
const tidy = (weight: number): number => Number(weight.toPrecision(6));

function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? name : `${name} (${String(number)})`;
    if (!taken.includes(id)) return id;
  }
}

const json = (value: unknown): string => JSON.stringify(value);

function armText(id: string, set: readonly (readonly [string, unknown])[]): string {
  return `{ "id": ${json(id)}, "set": { ${set.map(([at, value]) => `${json(at)}: ${json(value)}`).join(', ')} } }`;
}

/** After the last arm; where the list is only implied, it is written out with what it stood for. */
function insertion(source: string, arm: string): readonly TextEdit[] | null {
  const { tree } = parseTree(source);
  const experiment = nodeAt(tree, '/experiment')?.node;
  if (experiment?.kind !== 'object') return null;
  const arms = experiment.members.get('arms')?.value;
  if (arms?.kind === 'array' && arms.items.length > 0) return [after(source, arms.items.at(-1), arm)];
  if (experiment.members.has('factors')) return null;
  const written = [...shortArms.map((short) => `{ ${Object.entries(short).map(([key, value]) => `${json(key)}: ${json(value)}`).join(', ')} }`), arm]; // prettier-ignore
  const list = `[${written.join(', ')}]`;
  if (arms?.kind === 'array') return [{ start: arms.start, end: arms.end, text: list }];
  const last = [...experiment.members.values()].at(-1);
  if (last === undefined)
    return [{ start: experiment.start + 1, end: experiment.start + 1, text: ` "arms": ${list} ` }];
  return [after(source, { ...last.value, start: last.keyRange.start }, `"arms": ${list}`)];
}

/** Behind an item or member, in its manner: on a line of its own where that one is. */
function after(source: string, node: SpecNode | undefined, written: string): TextEdit {
  const [start, end] = [node?.start ?? 0, node?.end ?? 0];
  const line = /(?:\r\n|\n|\r)[ \t]*$/.exec(source.slice(0, start));
  return { start: end, end, text: `,${line === null ? ' ' : line[0]}${written}` };
}

/** What the new text has that the old one had not, or what the edit made of the arms that were there. */
function newProblem(before: string, changed: string, ids: readonly string[]): Text | null {
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
