import { number, string } from '../build.ts';
import { positiveGradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const pcd = strategy(
  'pcd',
  {
    primary: string('The primary task.', '主任务。', { refers: 'task', nonEmpty: true }),
    tau: number('Margin.', '界值 τ。', { minimum: 0, fallback: 0.02 }),
    beta: number('Speed of the running mean.', '滑动平均的系数。', {
      minimum: 0,
      exclusiveMaximum: 1,
      fallback: 0.999,
    }),
    epsilon: number('Against division by 0.', '防止除以 0。', { minimum: 0, fallback: 1e-8 }),
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Primary task first (PCD)', zh: '主任务优先 (PCD)' },
    text: {
      en: 'The direction nearest to the primary gradient that makes every other task fall.',
      zh: '在使其他任务均下降的方向中最接近主任务梯度者。',
    },
    formula: 'min ½ ‖d − g₀‖², g_i·d ≥ τ ‖g_i‖²; ‖d‖ brought to ‖g₀‖',
    source: 'Priority-constrained descent, arXiv 2606.29521',
    libraries: { en: 'As published in TorchJD.', zh: '同 TorchJD 发布的版本。' },
    reads: 'gram',
    weights: 'none',
    equalTasks: 'mean',
    weightsMeaning: { en: 'none: `primary` names the task that comes first', zh: '无：由 `primary` 指定主任务' },
    observedWith: ([first]) => ({ primary: first }),
  },
);
