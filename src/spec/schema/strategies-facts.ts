/**
 * What a user should know of a strategy beside its formula: what it reads of a step, what a step costs, what the spec's
 * `weights` mean to it, and where the reference libraries (TorchJD 0.18, LibMTL 1.1.5) differ from its paper.
 */
import type { Text } from '../../common/text.ts';
import type { Fact } from './build.ts';

const say = (en: string, zh: string): Text => ({ en, zh });

const labels = {
  reads: say('Reads', '读取'),
  cost: say('Cost per step', '每步开销'),
  weights: say('`weights`', '`weights` 的含义'),
  libraries: say('Libraries', '参考实现的差异'),
} as const;

const reads = {
  losses: say('the losses', '损失'),
  norms: say('the losses and the gradient norm of each task', '损失与每个任务的梯度范数'),
  gram: say('the Gram matrix of the task gradients (T × T inner products)', '任务梯度的 Gram 矩阵（T × T 个内积）'),
  entries: say('the task gradients, entry by entry', '逐元素的任务梯度'),
  three: say('the gradients of three independent batches', '三个独立批的梯度'),
  halves: say('the gradients of two halves of a batch, of all parameters', '一个批的两半在全部参数上的梯度'),
} as const;

const cost = {
  one: say('1 backward pass', '1 次反向传播'),
  second: say('1 backward pass, and a second forward pass after the step', '1 次反向传播，步后再做 1 次前向'),
  each: say('T backward passes, one a task present', 'T 次反向传播（每个在场任务一次）'),
  three: say(
    '3 T backward passes over three batches; an epoch has a third of the steps',
    '三个批共 3T 次反向传播；每轮步数为三分之一',
  ),
  moml: say('T backward passes on each half, 1 for the update', '两半各 T 次反向传播，更新再 1 次'),
  autoLambda: say(
    '3 backward and 2 forward passes; with `slopes: "exact"` T more backward passes instead of the forward passes',
    '3 次反向与 2 次前向；`slopes: "exact"` 时以 T 次反向代替前向',
  ),
  forum: say(
    'T + 1 + innerSteps backward passes on half batches, 2 for the update',
    '半批上 T + 1 + innerSteps 次反向传播，更新再 2 次',
  ),
  wrapper: say('that of the strategy it wraps', '与被包装的策略相同'),
} as const;

const weights = {
  multiply: say(
    'multiply the weights that it finds (it sees the raw losses)',
    '与其求得的权重相乘（方法读取原始损失）',
  ),
  preference: say('a preference r = w / Σw in its own equation', '作为其方程中的偏好 r = w / Σw'),
  initial: say('where its own weights begin', '其自身权重的初值'),
  none: say(
    'none: unequal ones are an error, unless `prescale` multiplies the losses by them first',
    '无：权重不等是错误，除非用 `prescale` 先乘到损失上',
  ),
  primary: say('none: `primary` names the task that comes first', '无：由 `primary` 指定主任务'),
  wrapped: say('what they mean to the strategy it wraps', '与被包装的策略相同'),
} as const;

type Row = readonly [keyof typeof reads, keyof typeof cost, keyof typeof weights, Text?];

const rows: Readonly<Record<string, Row>> = {
  static: [
    'losses',
    'one',
    'multiply',
    say('TorchJD calls it Constant, LibMTL EW with weights 1.', 'TorchJD 称 Constant；LibMTL 的 EW 为权重 1。'),
  ],
  sum: ['losses', 'one', 'multiply'],
  mean: ['losses', 'one', 'multiply'],
  unitary: ['losses', 'one', 'multiply'],
  uncertainty: [
    'losses',
    'one',
    'multiply',
    say(
      'Same formula in both; s begins at 0 in TorchJD (the default), at −0.5 in LibMTL.',
      '公式相同；s 初值 TorchJD 为 0（默认），LibMTL 为 −0.5。',
    ),
  ],
  'uncertainty-optimal': ['losses', 'one', 'multiply'],
  'uncertainty-softmax': ['losses', 'one', 'multiply'],
  dwa: ['losses', 'one', 'multiply', say('Same formula in both.', '两者公式相同。')],
  geometric: [
    'losses',
    'one',
    'preference',
    say(
      'LibMTL returns l/(T ∏l) as weights; the effective ones, shown here, are (∏l)^(1/T)/(T l).',
      'LibMTL 返回 l/(T ∏l)；此处显示真正起作用的 (∏l)^(1/T)/(T l)。',
    ),
  ],
  log: ['losses', 'one', 'multiply'],
  random: ['losses', 'one', 'multiply', say('Same formula in both.', '两者公式相同。')],
  'imtl-l': ['losses', 'one', 'multiply', say('Same formula in both.', '两者公式相同。')],
  stch: [
    'losses',
    'one',
    'preference',
    say(
      'TorchJD runs the paper (`form: "raw"`, the default); LibMTL takes log losses over a measured nadir, times T (`form: "log-nadir"`).',
      'TorchJD 按论文（`form: "raw"`，默认）；LibMTL 用相对测得最差点的对数损失并乘 T（`form: "log-nadir"`）。',
    ),
  ],
  famo: [
    'losses',
    'second',
    'initial',
    say(
      'Same formula in both. The decay is Adam’s L2, not a decoupled one. The second pass reuses batch and dropout mask.',
      '两者公式相同。衰减为 Adam 的 L2 而非解耦；第二次前向使用同一批与同一丢弃掩码。',
    ),
  ],
  cosmos: [
    'losses',
    'one',
    'preference',
    say(
      'As TorchJD. Without a network that reads the preference it is only a penalty on the angle; weights may be negative.',
      '同 TorchJD。若网络不读取偏好，它只是夹角惩罚；权重可能为负。',
    ),
  ],
  pbi: ['losses', 'one', 'preference', say('As TorchJD; weights may be negative.', '同 TorchJD；权重可能为负。')],
  complexity: ['losses', 'one', 'multiply'],
  'data-size': ['losses', 'one', 'multiply'],
  performance: ['losses', 'one', 'multiply'],
  'initial-loss': ['losses', 'one', 'multiply'],
  gradnorm: [
    'norms',
    'each',
    'multiply',
    say(
      'LibMTL (`convention: "libmtl"`): w = T softmax(v), v stepped by the main optimizer, norms over all shared parameters, L(0) the mean of epoch 0. Paper (default): own Adam step, renormalized to T, norms of the last shared layer, L(0) of the first step.',
      'LibMTL（`convention: "libmtl"`）：w = T softmax(v)，v 由主优化器更新，范数取全部共享参数，L(0) 为第 0 轮平均。论文（默认）：独立 Adam 步，归一化为和 T，范数取最后共享层，L(0) 取第一步。',
    ),
  ],
  mgda: [
    'gram',
    'each',
    'none',
    say(
      'Both stop early: TorchJD’s Frank–Wolfe (ε 1e-3, 100 iterations) is 1e-3 to 1e-2 off, LibMTL up to 9e-2; here the problem is solved exactly (`solver: "frank-wolfe"` repeats TorchJD). LibMTL applies the weights to the normalized gradients, or on representations to the raw ones (`apply`).',
      '两者都提前停止：TorchJD 的 Frank–Wolfe（ε 1e-3，100 次）偏差 1e-3–1e-2，LibMTL 可达 9e-2；此处精确求解（`solver: "frank-wolfe"` 复现 TorchJD）。LibMTL 把权重作用于归一化梯度，在表示上则作用于原始梯度（`apply`）。',
    ),
  ],
  'imtl-g': [
    'gram',
    'each',
    'none',
    say(
      'Same direction in both for independent gradients; weights may be negative.',
      '梯度独立时两者方向相同；权重可能为负。',
    ),
  ],
  imtl: [
    'gram',
    'each',
    'none',
    say('As LibMTL; heads take the gradient of the scaled loss.', '同 LibMTL；任务头使用缩放后损失的梯度。'),
  ],
  pcgrad: [
    'gram',
    'each',
    'none',
    say(
      'Sum of the corrected gradients in both. LibMTL also visits the own gradient and adds 1e-8 to ‖g‖² (`convention: "libmtl"`); paper and TorchJD (default) skip it.',
      '两者都对修正后的梯度求和。LibMTL 还访问自身梯度并在 ‖g‖² 上加 1e-8(`convention: "libmtl"`)；论文与 TorchJD（默认）跳过。',
    ),
  ],
  gradvac: [
    'gram',
    'each',
    'none',
    say(
      'Same in both; LibMTL’s groups 1 and 2 are `per: "block"`. LibMTL’s returned weights are always ones.',
      '两者相同；LibMTL 的分组 1、2 即 `per: "block"`。LibMTL 返回的权重恒为 1。',
    ),
  ],
  cagrad: [
    'gram',
    'each',
    'preference',
    say(
      'TorchJD does not rescale (`rescale: 0`) and stops at norms below 1e-4; the authors and LibMTL divide by 1 + c² (`rescale: 1`, the default), LibMTL’s SLSQP is up to 1e-2 off. Here the problem is solved exactly.',
      'TorchJD 不缩放（`rescale: 0`）且范数小于 1e-4 时停止；作者与 LibMTL 除以 1 + c²（`rescale: 1`，默认），LibMTL 的 SLSQP 偏差可达 1e-2。此处精确求解。',
    ),
  ],
  'nash-mtl': [
    'gram',
    'each',
    'preference',
    say(
      'Both iterate a convex-concave procedure that can end away from the solution; here the equation is solved exactly. TorchJD clips the weights (as here), LibMTL the shared gradients alone. ‖Σ a g‖ = √T before clipping, so `maxNorm: 1` always clips.',
      '两者的凸凹迭代可能停在解之外；此处精确求解方程。TorchJD 裁剪权重（此处相同），LibMTL 仅裁剪共享梯度。裁剪前 ‖Σ a g‖ = √T，故 `maxNorm: 1` 总会裁剪。',
    ),
  ],
  'aligned-mtl': [
    'gram',
    'each',
    'preference',
    say(
      'TorchJD takes a mean (`convention: "mean"`, the default), the authors and LibMTL a sum.',
      'TorchJD 取平均（`convention: "mean"`，默认），作者与 LibMTL 取和。',
    ),
  ],
  fairgrad: [
    'gram',
    'each',
    'preference',
    say('Same equation in both; solved exactly here.', '两者方程相同；此处精确求解。'),
  ],
  upgrad: [
    'gram',
    'each',
    'preference',
    say(
      'Same in both: G / trace G + 1e-4 I; a trace below 1e-4 counts as zero.',
      '两者相同：G / tr G + 1e-4 I；迹小于 1e-4 视为零。',
    ),
  ],
  dualproj: [
    'gram',
    'each',
    'preference',
    say('As TorchJD; the mean gradient is projected.', '同 TorchJD；投影平均梯度。'),
  ],
  config: [
    'gram',
    'each',
    'preference',
    say(
      'As TorchJD and the authors. Multiplying all preferences by a constant changes nothing; weights may be negative.',
      '同 TorchJD 与作者实现。偏好整体缩放无影响；权重可能为负。',
    ),
  ],
  krum: [
    'gram',
    'each',
    'none',
    say(
      'Euclidean distances, as TorchJD; the paper squares them. Drops tasks by design.',
      '欧氏距离，同 TorchJD；论文取平方。按设计会丢弃任务。',
    ),
  ],
  pcd: ['gram', 'each', 'primary', say('As published in TorchJD.', '同 TorchJD 发布的版本。')],
  graddrop: [
    'entries',
    'each',
    'none',
    say(
      'TorchJD works on parameter gradients (as with `over: "shared"`), LibMTL on representation gradients times the sign of the activation.',
      'TorchJD 作用于参数梯度（即 `over: "shared"`），LibMTL 作用于表示梯度与激活符号之积。',
    ),
  ],
  'trimmed-mean': [
    'entries',
    'each',
    'none',
    say('As TorchJD. Drops tasks by design.', '同 TorchJD。按设计会丢弃任务。'),
  ],
  moco: [
    'entries',
    'each',
    'initial',
    say(
      'LibMTL (`convention: "libmtl"`) takes a softmax instead of the projection on the simplex and brings each gradient to the size of its loss.',
      'LibMTL（`convention: "libmtl"`）以 softmax 代替单纯形投影，并把各梯度缩放到其损失的大小。',
    ),
  ],
  'db-mtl': [
    'entries',
    'each',
    'multiply',
    say(
      'As LibMTL: the running gradient starts at zero without bias correction.',
      '同 LibMTL：滑动梯度从零开始，无偏差修正。',
    ),
  ],
  'excess-mtl': [
    'entries',
    'each',
    'initial',
    say(
      'First call: paper and LibMTL (default) only store the baseline; TorchJD (`convention: "torchjd"`) also updates, and its weights sum to 1 instead of T.',
      '首次调用：论文与 LibMTL（默认）只记录基线；TorchJD（`convention: "torchjd"`）同时更新，且权重和为 1 而非 T。',
    ),
  ],
  adatask: [
    'entries',
    'each',
    'multiply',
    say(
      'In neither library. Its own Adam steps replace the optimizer on the shared parameters.',
      '两者均无。共享参数以其自身的 Adam 步代替优化器。',
    ),
  ],
  modo: [
    'three',
    'three',
    'initial',
    say(
      'γ is 0.001 in LibMTL (default), 0.1 in TorchJD. LibMTL leaves the mean of three gradients in the heads; here they take the third.',
      'γ 在 LibMTL 为 0.001（默认），TorchJD 为 0.1。LibMTL 的任务头取三批平均；此处取第三批。',
    ),
  ],
  sdmgrad: [
    'three',
    'three',
    'preference',
    say(
      'Step of the inner loop: 10 in TorchJD (default), 5 in LibMTL, which applies the weights to the first batch and sums the heads’ gradients; here the third, as TorchJD’s examples.',
      '内循环步长：TorchJD 10（默认），LibMTL 5；LibMTL 作用于第一批并对任务头梯度求和，此处同 TorchJD 示例取第三批。',
    ),
  ],
  moml: [
    'halves',
    'moml',
    'multiply',
    say(
      'As LibMTL, whose shortest vector is inexact; here it is exact. LibMTL ignores inner steps beyond the first.',
      '同 LibMTL，但其最短向量不精确，此处精确。LibMTL 仅支持一个内层步。',
    ),
  ],
  'auto-lambda': [
    'halves',
    'autoLambda',
    'multiply',
    say('Finite differences with .01/‖d‖, as LibMTL and the authors.', '有限差分步长 .01/‖d‖,同 LibMTL 与作者实现。'),
  ],
  forum: [
    'halves',
    'forum',
    'multiply',
    say('As LibMTL; its conic solver is replaced by an exact one.', '同 LibMTL；以精确求解器代替其锥规划。'),
  ],
  'cr-mogm': [
    'gram',
    'wrapper',
    'wrapped',
    say('TorchJD starts at the first weights (`start: "first"`).', 'TorchJD 以首次权重为起点（`start: "first"`）。'),
  ],
};

/** The facts of a strategy, in the order in which they are shown. */
export function factsOf(name: string): readonly Fact[] {
  const row = rows[name];
  if (row === undefined) return [];
  const [what, passes, meaning, libraries] = row;
  return [
    { label: labels.reads, text: name === 'cr-mogm' ? cost.wrapper : reads[what] },
    { label: labels.cost, text: cost[passes] },
    { label: labels.weights, text: weights[meaning] },
    ...(libraries === undefined ? [] : [{ label: labels.libraries, text: libraries }]),
  ];
}

/** Names of the strategies with one meaning of `weights`. */
export const withWeights = (meaning: keyof typeof weights): readonly string[] =>
  Object.keys(rows).filter((name) => rows[name]?.[2] === meaning);
