/** Strategies that need gradients or several batches, against networks and data that do not give them. */
import type { Fix } from '../../spec/index.ts';
import { text, type Text } from '../../common/text.ts';
import { defaultStrategy, traitsOf, type StrategySpec, type Traits } from '../../spec/index.ts';
import { normLayers, representation, sharedLayers } from '../gradients.ts';
import type { Context } from './context.ts';

/** What a strategy does to an entry depends on that entry alone: a block by itself comes out as all blocks together. */
const isEntryByEntry = ({ reads, keepsVectors = false }: Traits): boolean => reads === 'entries' && !keepsVectors;

/** A strategy, what is true of it, and where it stands. */
interface Subject {
  readonly strategy: StrategySpec;
  readonly traits: Traits;
  readonly pointer: string;
}

/** The strategy that reads the gradients: the wrapped one where there is a wrapper. */
function subjectOf(strategy: StrategySpec, pointer = '/strategy'): Subject {
  if ('of' in strategy) return subjectOf(strategy.of, `${pointer}/of`);
  return { strategy, traits: traitsOf(strategy), pointer };
}

export function checkGradients(context: Context): void {
  const subject = subjectOf(context.spec.strategy);
  // Every strategy on gradients of shared parameters, and no other, has the key `heads`.
  if ('heads' in subject.strategy) checkShared(subject, context);
  checkBatches(subject, context);
}

function checkShared(subject: Subject, context: Context): void {
  const { plan, report, mistakes } = context;
  // A network with mistakes may lack layers that it will have.
  if (mistakes.length > 0 || plan.tasks.size === 0) return;
  const { strategy, pointer } = subject;
  const { name } = strategy;
  if (sharedLayers(plan).length === 0) {
    report.error(
      'nothing-shared',
      pointer,
      text(
        `"${name}" works on the parameters that at least two task losses reach, and here there are none. Let tasks read one block, or take a strategy on losses.`,
        `“${name}” 作用于至少两个任务的损失能到达的参数，而这里没有这样的参数。请让多个任务读取同一模块，或改用基于损失的策略。`,
      ),
      {
        fixes: [
          report.fix(
            text('Take static weights', '改用固定权重'),
            report.replaceValue('/strategy', JSON.stringify(defaultStrategy)),
          ),
        ],
      },
    );
    return;
  }
  checkUnread(subject, context);
  if ('over' in strategy && strategy.over === 'representation') checkRepresentation(subject, context);
  else if ('measured' in strategy && strategy.measured === 'layer') checkLayer(strategy.layer, pointer, context);
}

/** Keys that would change nothing. */
function checkUnread({ strategy, traits, pointer }: Subject, { report }: Context): void {
  const { name } = strategy;
  if ('heads' in strategy && strategy.heads === 'weighted' && traits.weightless) {
    const momentum = 'momentum' in strategy && strategy.momentum === true;
    report.error(
      'heads-weightless',
      `${pointer}/heads`,
      text(
        `"${name}"${momentum ? ' with "momentum"' : ''} gives no weights of this step's gradients that the heads could take: they take their own gradient.`,
        `“${name}”${momentum ? ' 启用 "momentum" 时' : ''}不给出本步梯度的权重，任务头无从采用：任务头使用自身梯度。`,
      ),
      {
        fixes: [
          report.fix(
            text('Heads take their own gradient', '任务头使用自身梯度'),
            report.replace(`${pointer}/heads`, 'own'),
          ),
        ],
      },
    );
  }
  const blocks = 'per' in strategy && strategy.per === 'block' && strategy.over === 'shared';
  if (blocks && isEntryByEntry(traits)) {
    report.error(
      'per-entry',
      `${pointer}/per`,
      text(
        `"${name}" works entry by entry: block by block it gives what it gives for all parameters. Leave "per" out.`,
        `“${name}” 逐元素作用：按模块求解与对全部参数求解结果相同。请删除 "per"。`,
      ),
      {
        fixes: [
          report.fix(text('Take all shared parameters', '对所有共享参数'), report.replace(`${pointer}/per`, 'all')),
        ],
      },
    );
  }
}

function checkLayer(block: string | undefined, pointer: string, { plan, report }: Context): void {
  // A name that is no block's is told elsewhere.
  if ((block !== undefined && !plan.blocks.has(block)) || normLayers(plan, block)) return;
  const all = report.fix(
    text('Take the norms over all shared parameters', '改为对所有共享参数求范数'),
    report.setProperties(pointer, [['measured', '"shared"']]),
  );
  report.error(
    'gradnorm-layer',
    block === undefined ? pointer : `${pointer}/layer`,
    block === undefined
      ? text(
          'The last shared layer is not unique here. Name the block to measure in "layer", or set "measured": "shared".',
          '这里最后一个共享层不唯一。请用 "layer" 指明要测量的模块，或设置 "measured": "shared"。',
        )
      : text(
          `The block "${block}" has no layer that at least two task losses reach.`,
          `模块 “${block}” 中没有至少两个任务的损失能到达的层。`,
        ),
    { fixes: [all] },
  );
}

function checkRepresentation({ strategy, traits, pointer }: Subject, { plan, report }: Context): void {
  if (!('over' in strategy)) return;
  const { name, per, inner } = strategy;
  const wrong = representation(plan) === null ? noNode : reasonAgainst();
  if (!wrong) return;
  report.error('representation', `${pointer}/over`, wrong, {
    fixes: [
      report.fix(
        text('Take the gradients of the shared parameters', '改取共享参数的梯度'),
        report.replace(`${pointer}/over`, 'shared'),
      ),
    ],
  });

  function reasonAgainst(): Text | null {
    if (per === 'block')
      return text('A representation has no blocks: leave "per" out.', '表示没有模块之分：请删除 "per"。');
    if (traits.keepsVectors)
      return text(
        `"${name}" remembers gradients from step to step; those of a representation belong to the samples of one batch.`,
        `“${name}” 会跨步记住梯度，而表示的梯度只属于一个批的样本。`,
      );
    if (inner !== 'batch-sum' && traits.reads === 'three')
      return text(
        'Gradients of samples of different batches have no product: set "inner": "batch-sum".',
        '不同批样本的梯度之间没有内积：请设置 "inner": "batch-sum"。',
      );
    if (inner === 'batch-sum' && isEntryByEntry(traits))
      return text(
        `"${name}" works entry by entry, so the samples must stay apart: set "inner": "per-sample".`,
        `“${name}” 逐元素作用，样本必须分开：请设置 "inner": "per-sample"。`,
      );
    return null;
  }
}

const noNode = text(
  'No one node feeds all tasks here: every task must read one block, with all shared parameters before it.',
  '这里没有供给所有任务的唯一节点：每个任务都必须读取同一模块，且所有共享参数都在它之前。',
);

function checkBatches({ strategy, traits, pointer }: Subject, { spec, report, table }: Context): void {
  const { name } = strategy;
  const three = traits.reads === 'three';
  if (!three && traits.reads !== 'halves') return;
  const { accumulate, batchSize } = spec.training;
  if (accumulate > 1) {
    report.error(
      'accumulate-batches',
      '/training/accumulate',
      text(
        `"${name}" takes several batches a step itself and cannot accumulate. Leave "accumulate" out and raise "batchSize".`,
        `“${name}” 每步自己使用多个批，不能再累积。请删除 "accumulate" 并增大 "batchSize"。`,
      ),
      {
        at: 'key',
        fixes: [
          report.fix(
            text('Remove "accumulate"', '删除 "accumulate"'),
            ...report.removeProperty('/training/accumulate'),
          ),
        ],
      },
    );
  }
  const rows = table.facts?.trainRows;
  if (three && rows !== undefined && rows < 3 * batchSize) {
    report.error(
      'three-batches',
      pointer,
      text(
        `"${name}" takes three batches a step: ${String(3 * batchSize)} rows, but training has ${String(rows)}. Lower "batchSize" to ${String(Math.max(1, Math.floor(rows / 3)))} or less.`,
        `“${name}” 每步使用三个批，共需 ${String(3 * batchSize)} 行，而训练集只有 ${String(rows)} 行。请把 "batchSize" 降到 ${String(Math.max(1, Math.floor(rows / 3)))} 或以下。`,
      ),
      { fixes: [smallerBatch(Math.max(1, Math.floor(rows / 3)), report)] },
    );
  }
}

/** Written anew where it stands, or added. */
function smallerBatch(size: number, report: Context['report']): Fix {
  const written = report.replaceValue('/training/batchSize', String(size));
  const added = written ?? report.setProperties('/training', [['batchSize', String(size)]]);
  return report.fix(text(`Set "batchSize": ${String(size)}`, `设置 "batchSize": ${String(size)}`), added);
}
