/** The strategies: one file each, by what they read of a step, and one row here. The compiler names the missing row. */
import { adjusted } from './adjust.ts';
import { staticWeights } from './losses/static.ts';
import { sum } from './losses/sum.ts';
import { mean } from './losses/mean.ts';
import { unitary } from './losses/unitary.ts';
import { uncertainty } from './losses/uncertainty.ts';
import { uncertaintyOptimal } from './losses/uncertainty-optimal.ts';
import { uncertaintySoftmax } from './losses/uncertainty-softmax.ts';
import { dwa } from './losses/dwa.ts';
import { geometric } from './losses/geometric.ts';
import { log } from './losses/log.ts';
import { random } from './losses/random.ts';
import { imtlL } from './losses/imtl-l.ts';
import { stch } from './losses/stch.ts';
import { famo } from './losses/famo.ts';
import { cosmos } from './losses/cosmos.ts';
import { pbi } from './losses/pbi.ts';
import { complexity } from './losses/complexity.ts';
import { dataSize } from './losses/data-size.ts';
import { performance } from './losses/performance.ts';
import { initialLoss } from './losses/initial-loss.ts';
import { gradnorm } from './gram/gradnorm.ts';
import { mgda } from './gram/mgda.ts';
import { imtlG } from './gram/imtl-g.ts';
import { imtl } from './gram/imtl.ts';
import { pcgrad } from './gram/pcgrad.ts';
import { gradvac } from './gram/gradvac.ts';
import { cagrad } from './gram/cagrad.ts';
import { nashMtl } from './gram/nash-mtl.ts';
import { alignedMtl } from './gram/aligned-mtl.ts';
import { fairgrad } from './gram/fairgrad.ts';
import { upgrad } from './gram/upgrad.ts';
import { dualproj } from './gram/dualproj.ts';
import { config } from './gram/config.ts';
import { krum } from './gram/krum.ts';
import { pcd } from './gram/pcd.ts';
import { crMogm } from './gram/cr-mogm.ts';
import { graddrop } from './entries/graddrop.ts';
import { trimmedMean } from './entries/trimmed-mean.ts';
import { moco } from './entries/moco.ts';
import { dbMtl } from './entries/db-mtl.ts';
import { excessMtl } from './entries/excess-mtl.ts';
import { adatask } from './entries/adatask.ts';
import { modo } from './batches/modo.ts';
import { sdmgrad } from './batches/sdmgrad.ts';
import { moml } from './batches/moml.ts';
import { autoLambda } from './batches/auto-lambda.ts';
import { forum } from './batches/forum.ts';
import type { AnyStrategy, BuiltInName, StrategyContext, StrategyRow } from './contract.ts';
import type { StrategySpec } from '../spec/index.ts';

const strategies: { readonly [Name in BuiltInName]: StrategyRow<Name, AnyStrategy> } = {
  static: staticWeights,
  sum,
  mean,
  unitary,
  uncertainty,
  'uncertainty-optimal': uncertaintyOptimal,
  'uncertainty-softmax': uncertaintySoftmax,
  dwa,
  geometric,
  log,
  random,
  'imtl-l': imtlL,
  stch,
  famo,
  cosmos,
  pbi,
  complexity,
  'data-size': dataSize,
  performance,
  'initial-loss': initialLoss,
  gradnorm,
  mgda,
  'imtl-g': imtlG,
  imtl,
  pcgrad,
  gradvac,
  cagrad,
  'nash-mtl': nashMtl,
  'aligned-mtl': alignedMtl,
  fairgrad,
  upgrad,
  dualproj,
  config,
  krum,
  pcd,
  graddrop,
  'trimmed-mean': trimmedMean,
  moco,
  'db-mtl': dbMtl,
  'excess-mtl': excessMtl,
  adatask,
  modo,
  sdmgrad,
  moml,
  'auto-lambda': autoLambda,
  forum,
  'cr-mogm': crMogm(createStrategy),
};

/**
 * Makes a strategy that is built in, with what all strategies take (`prescale`, `scale`, `normalize`) carried out.
 *
 * @param strategy in the long form of the spec
 */
export function createStrategy(strategy: StrategySpec, context: StrategyContext): AnyStrategy {
  if (strategy.name === 'module') throw new RangeError("The user's own strategy is made from its module.");
  const row = strategies[strategy.name] as (parameters: StrategySpec, context: StrategyContext) => AnyStrategy;
  return adjusted(row(strategy, context), strategy);
}
