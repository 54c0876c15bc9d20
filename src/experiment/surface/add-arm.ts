/** Weights that were found on the surface → an edit of the spec's text that adds them as an arm. Pure. */
import { text, type Text } from '../../common/text.ts';
import { applyEdits, defaultStrategy, pointerOf, readSpec, type TextEdit } from '../../spec/index.ts';
import { insertArms, newProblem, noList } from '../add-arms.ts';
import { readDesign } from '../design.ts';
import { variantHash } from '../identity.ts';
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
  const edits = insertArms(now, [armText(id, set)]);
  if (edits === null) return { refused: noList };
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
