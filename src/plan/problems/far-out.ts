/** Values that are allowed, and so far from what anybody uses that they are probably a slip: remarks, no more. */
import { text } from '../../common/text.ts';
import { largestRate } from '../../spec/index.ts';
import { layerRule } from '../layers/table.ts';
import type { PlanLayer } from '../plan.ts';
import type { Context } from './context.ts';

/** Below it a step is lost in the rounding of single precision, for weights of ordinary size. */
const smallestRate = 1e-7;

export function checkFarOut(context: Context): void {
  checkLearningRate(context);
  checkBatchOfOne(context);
}

function checkLearningRate({ spec, report }: Context): void {
  const { learningRate, optimizer } = spec.training;
  const { name } = optimizer;
  const largest = largestRate(name);
  if (learningRate <= largest && learningRate >= smallestRate) return;
  const [rate, limit] = [String(learningRate), String(largest)];
  report.information(
    'learning-rate-far-out',
    '/training/learningRate',
    learningRate > largest
      ? text(
          `A learning rate of ${rate} is far above what works with "${name}" (at most about ${limit}): losses will probably run away. If it is meant, let it stand.`,
          `学习率 ${rate} 远高于 “${name}” 通常可用的范围（至多约 ${limit}）：损失很可能发散。如果确实如此，可保留。`,
        )
      : text(
          `A learning rate of ${rate} is lost in the rounding of single precision: the weights will hardly move. If it is meant, let it stand.`,
          `学习率 ${rate} 小于单精度的舍入误差：权重几乎不会变化。如果确实如此，可保留。`,
        ),
    {
      fixes: [
        report.fix(
          text('Remove it: the default is 0.001', '删除它：默认值为 0.001'),
          ...report.removeProperty('/training/learningRate'),
        ),
      ],
    },
  );
}

/** Of one sample the mean is the sample itself: what is left of a vector is the offset alone. */
function checkBatchOfOne({ spec, plan, report }: Context): void {
  if (spec.training.batchSize !== 1) return;
  const layers = [...plan.blocks.values(), ...plan.tasks.values()].flatMap((one): readonly PlanLayer[] => one.layers);
  const found = layers.find(
    ({ spec: { type }, inputShape }) => layerRule(type)?.centersChannels === true && inputShape.length === 1,
  );
  if (found === undefined) return;
  report.information(
    'batch-of-one',
    '/training/batchSize',
    text(
      'With one sample a batch, batch normalization takes away the whole value: while it trains, the layers after it see the same numbers whatever the input. Take a larger "batchSize", or another normalization.',
      '每批只有一个样本时，批量归一化会减去整个值：训练时其后的层无论输入如何都得到相同的数。请增大 "batchSize"，或改用其他归一化。',
    ),
    {
      fixes: [
        report.fix(
          text('Set "batchSize": 32', '设置 "batchSize": 32'),
          report.replaceValue('/training/batchSize', '32'),
        ),
      ],
    },
  );
}
