/** The options of a strategy that the training step carries out, rather than the strategy's arithmetic. */

type Fields = Readonly<Record<string, unknown>>;

export interface Flow {
  /** Which gradients: of the shared parameters, or of the one node that feeds all tasks. */
  readonly over: 'shared' | 'representation';
  /** One problem over all shared parameters, or one a block. */
  readonly per: 'all' | 'block';
  /** What heads take: their own gradient, or the weighted one. Loss strategies weigh everything. */
  readonly heads: 'own' | 'weighted';
  readonly inner: 'per-sample' | 'batch-sum';
  /** GradNorm: norms over the last layer of a block (its name in `layer`, absent: the last shared layer), or over all. */
  readonly measured: 'layer' | 'shared';
  readonly layer?: string;
  /** Of numbers that an optimizer steps; absent: the main one's. */
  readonly stateLearningRate?: number;
  /** Bilevel: absent: the main optimizer's. */
  readonly innerLearningRate?: number;
  readonly innerSteps: number;
  /** Auto-λ: inner products by two further forward passes, or by gradients. */
  readonly slopes: 'finite-differences' | 'exact';
  readonly observe: readonly string[];
}

/** Strategies that weigh the whole loss, heads included (conventions 1.4): those without the key `heads`. */
const headsOf = (fields: Fields): Flow['heads'] => (fields['heads'] === 'own' ? 'own' : 'weighted');

const positive = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The strategy whose gradients are asked for: the wrapped one where there is a wrapper. */
function innermost(strategy: Fields): Fields {
  const of = strategy['of'];
  return typeof of === 'object' && of !== null ? innermost(of as Fields) : strategy;
}

/**
 * @param strategy `strategy` of the resolved spec; the options of a wrapper are those of what it wraps
 */
export function flowOf(strategy: Fields): Flow {
  const fields = innermost(strategy);
  const [layer, state, inner] = [fields['layer'], positive(fields['stateLearningRate']), fields['innerLearningRate']];
  const innerRate = positive(inner);
  const observed = strategy['observe'] ?? fields['observe'];
  return {
    over: fields['over'] === 'representation' ? 'representation' : 'shared',
    per: fields['per'] === 'block' ? 'block' : 'all',
    heads: headsOf(fields),
    inner: fields['inner'] === 'batch-sum' ? 'batch-sum' : 'per-sample',
    measured: fields['measured'] === 'shared' ? 'shared' : 'layer',
    ...(typeof layer === 'string' && { layer }),
    ...(state !== undefined && { stateLearningRate: state }),
    ...(innerRate !== undefined && { innerLearningRate: innerRate }),
    innerSteps: positive(fields['innerSteps']) ?? 1,
    slopes: fields['slopes'] === 'exact' ? 'exact' : 'finite-differences',
    observe: Array.isArray(observed) ? observed.filter((name): name is string => typeof name === 'string') : [],
  };
}
