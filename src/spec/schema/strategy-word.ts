/**
 * The word of a strategy: its parameters, what people are told of it, and everything that the other rooms ask of it. Each
 * fact stands once, in the strategy's own file of `strategies/`; lists of strategies are made by asking every word.
 */
import type { Static, TObject, TProperties } from 'typebox';
import { text as say, type Text } from '../../common/text.ts';
import { nameEntry } from './build.ts';
import type { Extra, Fact } from './build.ts';
import type { Dependent, Reads, Traits, WeightsMeaning } from './strategy-traits.ts';

const labels = {
  reads: say('Reads', '读取'),
  cost: say('Cost per step', '每步开销'),
  weights: say('`weights`', '`weights` 的含义'),
  libraries: say('Libraries', '参考实现的差异'),
} as const;

const wrapped = say('that of the strategy it wraps', '与被包装的策略相同');

/** What a strategy may read of a step. */
const reads = {
  losses: say('the losses', '损失'),
  norms: say('the losses and the gradient norm of each task', '损失与每个任务的梯度范数'),
  gram: say('the Gram matrix of the task gradients (T × T inner products)', '任务梯度的 Gram 矩阵（T × T 个内积）'),
  entries: say('the task gradients, entry by entry', '逐元素的任务梯度'),
  three: say('the gradients of three independent batches', '三个独立批的梯度'),
  halves: say('the gradients of two halves of a batch, of all parameters', '一个批的两半在全部参数上的梯度'),
  wrapped,
  module: say('what its module asks for', '其模块所要求的'),
} as const satisfies Record<Reads, Text>;

const each = say('T backward passes, one a task present', 'T 次反向传播（每个在场任务一次）');

/** What a step costs; strategies on halves say it themselves. */
const cost: Readonly<Partial<Record<Reads, Text>>> = {
  losses: say('1 backward pass', '1 次反向传播'),
  ...{ norms: each, gram: each, entries: each, wrapped },
  three: say(
    '3 T backward passes over three batches; an epoch has a third of the steps',
    '三个批共 3T 次反向传播；每轮步数为三分之一',
  ),
};

/** What the spec's `weights` may mean to a strategy. */
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
  wrapped: say('what they mean to the strategy it wraps', '与被包装的策略相同'),
} as const satisfies Record<WeightsMeaning, Text>;

/** Why strategies that read this cannot be observed. */
const unobservable: Readonly<Partial<Record<Reads, Text>>> = {
  entries: say(
    'it works on the gradients entry by entry, and only their inner products are paid for',
    '它逐元素处理梯度，而此处仅有梯度的内积',
  ),
  three: say('it needs the gradients of several batches', '它需要多个批的梯度'),
  halves: say(
    'it needs gradients of both halves of a batch, of all parameters',
    '它需要一个批的两半在全部参数上的梯度',
  ),
};

/** What a strategy's own file says of it. */
export interface StrategyWord<Fields extends TProperties> extends Traits, Pick<Extra, 'formula' | 'source'> {
  readonly title: Text;
  readonly text: Text;
  readonly atMostOneOf?: Extra['atMostOneOf'];
  /** Where the reference libraries (TorchJD 0.18, LibMTL 1.1.5) differ from the paper. */
  readonly libraries?: Text;
  /** Instead of the usual words for what it reads. */
  readonly cost?: Text;
  /** Instead of the usual words for `weights`. */
  readonly weightsMeaning?: Text;
  /** What is different with some parameters. */
  readonly when?: (parameters: Static<TObject<Fields>>) => Partial<Dependent>;
}

/** The word of a strategy, as an entry of the table of strategies. */
export function strategy<const Name extends string, Fields extends TProperties>(
  name: Name,
  fields: Fields,
  { title, text, formula, source, atMostOneOf, libraries, cost: price, weightsMeaning, ...kept }: StrategyWord<Fields>,
) {
  return nameEntry(
    name,
    { ...fields },
    {
      ...{ title, text, strategy: kept, feature: `strategy/${name}` },
      ...(formula !== undefined && { formula }),
      ...(source !== undefined && { source }),
      ...(atMostOneOf !== undefined && { atMostOneOf }),
      facts: [
        { label: labels.reads, text: reads[kept.reads] },
        { label: labels.cost, text: price ?? usual(cost, kept.reads, name) },
        { label: labels.weights, text: weightsMeaning ?? weights[kept.weights] },
        ...(libraries === undefined ? [] : [{ label: labels.libraries, text: libraries }]),
      ] satisfies readonly Fact[],
    },
  );
}

function usual(table: Readonly<Partial<Record<Reads, Text>>>, read: Reads, name: string): Text {
  const found = table[read];
  if (found === undefined) throw new TypeError(`The word of "${name}" must say what a step costs.`);
  return found;
}

/** Why a strategy cannot be observed; undefined where it can. */
export const whyUnobservable = (traits: Traits): Text | undefined => traits.unobservable ?? unobservable[traits.reads];
