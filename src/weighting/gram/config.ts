/**
 * ConFIG (Liu, Chu & Thuerey, ICLR 2025): the direction with cosines in proportion to the preferences to all gradients. With
 * `momentum` it is M-ConFIG, on running gradients.
 */
import { configWeights } from '../parts/conflict-free.ts';
import { gramStrategy } from '../parts/gram-strategy.ts';
import { mConfig } from '../parts/m-config.ts';
import type { AnyStrategy, StrategyRow } from '../contract.ts';

const plain = gramStrategy<'config'>((gram, preference) => ({ weights: configWeights(gram, preference) }));

export const config: StrategyRow<'config', AnyStrategy> = (parameters, context) =>
  parameters.momentum ? mConfig(parameters) : plain(parameters, context);
