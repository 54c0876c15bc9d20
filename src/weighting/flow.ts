/** The options of a strategy that the training step carries out, rather than the strategy's arithmetic. */
import { innermost, type StrategySpec } from '../spec/index.ts';

export interface Flow {
  /** Which gradients: of the shared parameters, or of the one node that feeds all tasks. */
  readonly over: 'shared' | 'representation';
  /** One problem over all shared parameters, or one a block. */
  readonly per: 'all' | 'block';
  /** What heads take: their own gradient, or the weighted one. */
  readonly heads: 'own' | 'weighted';
  /** How samples are joined, over a representation. */
  readonly inner: 'per-sample' | 'batch-sum';
}

/**
 * @param spec of a wrapper: the options are those of what it wraps. A strategy without one of the keys knows no other way:
 * it works on all shared parameters at once, or weighs the whole loss, heads included (conventions 1.4)
 */
export function flowOf(spec: StrategySpec): Flow {
  const strategy = innermost(spec);
  return {
    over: 'over' in strategy ? strategy.over : 'shared',
    per: 'per' in strategy ? strategy.per : 'all',
    heads: 'heads' in strategy ? strategy.heads : 'weighted',
    inner: ('inner' in strategy && strategy.inner) || 'per-sample',
  };
}

/** Names of the strategies that are observed beside this one. */
export function observedBy(spec: StrategySpec): readonly string[] {
  const strategy = innermost(spec);
  return 'of' in strategy ? [] : strategy.observe;
}
