/** A remark on tasks whose gradients conflict, from what the last run has measured and nothing else. Pure. */
import { text, type Text } from '../../common/text.ts';
import type { GradientHistory, PairConflict } from '../../messages/gradients.ts';
import { againstConflicts, notAvailable, weighsLossesAlone, type Fix, type Problem } from '../../spec/index.ts';
import { shorten } from './lens-text.ts';
import { strategyEdit, strategyPlace } from './strategy-text.ts';
import { outlineOf, weightNames, weightOf } from './weights-text.ts';

const conflictCode = 'tasks-conflict';

/** Fewer records than this say nothing. */
const fewest = 10;
/** Above this share of conflicting records a pair is worth a remark. */
const worthSaying = 0.3;

/**
 * @param text the spec's text
 * @param strategy its strategy's name
 * @param gradients what the last run of this spec has recorded
 * @returns nothing where the numbers do not call for it
 */
export function conflictRemark(text: string, strategy: string, gradients: GradientHistory): Problem | undefined {
  if (!weighsLossesAlone(strategy)) return undefined;
  const outline = outlineOf(text);
  const range = strategyPlace(text);
  if (!outline || !range) return undefined;
  const name = (task: number): string => gradients.tasks[task] ?? '';
  const pairs = gradients
    .conflicts()
    .filter(({ records, share }) => records >= fewest && share > worthSaying)
    .filter(({ first, second }) => [first, second].every((task) => outline.tasks.includes(name(task))))
    .toSorted((a, b) => b.share - a.share);
  const [worst, ...others] = pairs;
  if (!worst) return undefined;
  const weights = weightNames(outline).map((task) => weightOf(outline, task));
  const unequal = weights.some((weight) => weight !== weights[0]);
  return {
    code: conflictCode,
    message: messageOf(worst, others.length, name),
    severity: 'information',
    range,
    pointer: '/strategy',
    fixes: againstConflicts
      .filter((one) => !notAvailable.has(`strategy/${one.name}`))
      .map((one) => fixOf(text, one, unequal, outline.tasks.length)),
  };
}

function messageOf(worst: PairConflict, others: number, name: (task: number) => string): Text {
  const { conflicting, records, share, mean } = worst;
  const [a, b] = [shorten(name(worst.first)), shorten(name(worst.second))];
  const percent = Math.round(share * 100);
  const cosine = mean.toFixed(2).replace('-', '−');
  const moreEn = others === 0 ? '' : ` So do ${String(others)} more ${others === 1 ? 'pair' : 'pairs'}.`;
  const moreZh = others === 0 ? '' : `另有 ${String(others)} 对任务同样如此。`;
  return text(
    `The gradients of "${a}" and "${b}" pointed against each other in ${String(percent)} % of the recorded steps of the last run (${String(conflicting)} of ${String(records)}; mean cosine ${cosine}).${moreEn} These are raw gradients; a strategy that combines them may help, and may not.`,
    `上次运行中，“${a}”与“${b}”的梯度在 ${String(percent)} % 的记录步中方向相反（${String(conflicting)} / ${String(records)}，平均余弦 ${cosine}）。${moreZh}这是原始梯度；合成梯度的策略可能有帮助，也可能没有。`,
  );
}

/** Weights that differ mean nothing to some strategies unless the losses are multiplied by them first. */
function fixOf(
  source: string,
  { name, about, prescales }: (typeof againstConflicts)[number],
  unequal: boolean,
  tasks: number,
): Fix {
  return {
    title: text(
      `Try ${name}: ${about.en} (${String(tasks)} backward passes a step)`,
      `试用 ${name}：${about.zh}（每步 ${String(tasks)} 次反向传播）`,
    ),
    edits: strategyEdit(source, name, prescales && unequal ? { prescale: true } : {}),
  };
}
