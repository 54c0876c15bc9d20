import { integer, number } from '../build.ts';
import { positiveGradientKeys } from '../strategy-keys.ts';
import { strategy } from '../strategy-word.ts';

export const cagrad = strategy(
  'cagrad',
  {
    c: number('Size of the ball around the mean gradient.', '平均梯度周围的半径系数 c。', {
      minimum: 0,
      fallback: 0.4,
    }),
    rescale: integer('0: none; 1: ÷ (1 + c²); 2: ÷ (1 + c).', '0：不缩放；1：÷ (1 + c²)；2：÷ (1 + c)。', {
      minimum: 0,
      maximum: 2,
      fallback: 1,
    }),
    normEps: number(
      'Below this share of √trace(G) the shortest combination counts as zero: a Pareto stationary point.',
      '最短组合小于 √tr(G) 的此比例时视为零：帕累托驻点。',
      { minimum: 0, fallback: 1e-7 },
    ),
    traceEps: number('Below this trace of G the gradients count as zero.', 'G 的迹小于此值时梯度视为零。', {
      minimum: 0,
      fallback: 0,
    }),
    ...positiveGradientKeys,
  },
  {
    title: { en: 'Conflict-averse (CAGrad)', zh: '冲突规避 (CAGrad)' },
    text: { en: 'The best worst improvement near the mean gradient.', zh: '在平均梯度附近使最差任务的改进最大。' },
    formula: 'max min_i g_i·d, ‖d − g₀‖ ≤ c‖g₀‖, g₀ = Σ r_i g_i',
    source: 'Liu et al., NeurIPS 2021',
    libraries: {
      en: 'TorchJD does not rescale (`rescale: 0`) and stops at norms below 1e-4; the authors and LibMTL divide by 1 + c² (`rescale: 1`, the default), LibMTL’s SLSQP is up to 1e-2 off. Here the problem is solved exactly.',
      zh: 'TorchJD 不缩放（`rescale: 0`）且范数小于 1e-4 时停止；作者与 LibMTL 除以 1 + c²（`rescale: 1`，默认），LibMTL 的 SLSQP 偏差可达 1e-2。此处精确求解。',
    },
    reads: 'gram',
    weights: 'preference',
    againstConflicts: {
      en: 'improves the worst task near the mean gradient',
      zh: '在平均梯度附近使最差任务的改进最大',
    },
    when: ({ c, rescale }) => ({ equalTasks: () => (1 + c) / (rescale === 1 ? 1 + c * c : rescale === 2 ? 1 + c : 1) }),
  },
);
