/** The networks of two arms, read from a run of each. Knows no window. */
import { text, type Text } from '../../common/text.ts';
import { toldText } from '../../common/told-error.ts';
import { mergedNetwork, type MergedNetwork } from '../../experiment/networks/merge.ts';
import { makePlan } from '../../plan/index.ts';
import type { Plan } from '../../plan/plan.ts';
import { isRun } from '../../runs/layout.ts';
import { readFrozen, resolvedText } from '../../runs/frozen.ts';
import { readSpec } from '../../spec/index.ts';

type Found = { readonly network: MergedNetwork } | { readonly problem: Text };

/**
 * @param first directories of an arm's runs, those that are there and those that are not yet
 * @param locale of the labels
 */
export function networksOf(
  first: readonly string[],
  second: readonly string[],
  locale: Parameters<typeof mergedNetwork>[2],
): Found {
  const [a, b] = [planOf(first), planOf(second)];
  if ('problem' in a) return a;
  return 'problem' in b ? b : { network: mergedNetwork(a.plan, b.plan, locale) };
}

function planOf(directories: readonly string[]): { readonly plan: Plan } | { readonly problem: Text } {
  const directory = directories.find(isRun);
  if (directory === undefined) return { problem: notBegun };
  try {
    const { spec, tree } = readSpec(resolvedText(readFrozen(directory)));
    const plan = spec === undefined ? undefined : makePlan(spec, tree).plan;
    return plan === undefined ? { problem: notReadable } : { plan };
  } catch (error) {
    const problem = toldText(error);
    if (problem === undefined) throw error;
    return { problem };
  }
}

const notBegun = text(
  'No run of one of the two has begun: its network is not known yet.',
  '其中一个实验组尚无运行开始，其网络尚不可知。',
);

const notReadable = text(
  'This version cannot read the network of one of the two.',
  '当前版本无法读取其中一个实验组的网络。',
);
