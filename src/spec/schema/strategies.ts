/** The table of weighting strategies: a file each in `strategies/`, a row each here, in the order of the pages. */
import { tagged } from './build.ts';
import { adatask } from './strategies/adatask.ts';
import { alignedMtl } from './strategies/aligned-mtl.ts';
import { autoLambda } from './strategies/auto-lambda.ts';
import { cagrad } from './strategies/cagrad.ts';
import { complexity } from './strategies/complexity.ts';
import { config } from './strategies/config.ts';
import { cosmos } from './strategies/cosmos.ts';
import { crMogm } from './strategies/cr-mogm.ts';
import { dataSize } from './strategies/data-size.ts';
import { dbMtl } from './strategies/db-mtl.ts';
import { dualproj } from './strategies/dualproj.ts';
import { dwa } from './strategies/dwa.ts';
import { excessMtl } from './strategies/excess-mtl.ts';
import { fairgrad } from './strategies/fairgrad.ts';
import { famo } from './strategies/famo.ts';
import { forum } from './strategies/forum.ts';
import { geometric } from './strategies/geometric.ts';
import { graddrop } from './strategies/graddrop.ts';
import { gradnorm } from './strategies/gradnorm.ts';
import { gradvac } from './strategies/gradvac.ts';
import { imtl } from './strategies/imtl.ts';
import { imtlG } from './strategies/imtl-g.ts';
import { imtlL } from './strategies/imtl-l.ts';
import { initialLoss } from './strategies/initial-loss.ts';
import { krum } from './strategies/krum.ts';
import { log } from './strategies/log.ts';
import { mean } from './strategies/mean.ts';
import { mgda } from './strategies/mgda.ts';
import { moco } from './strategies/moco.ts';
import { modo } from './strategies/modo.ts';
import { moml } from './strategies/moml.ts';
import { nashMtl } from './strategies/nash-mtl.ts';
import { pbi } from './strategies/pbi.ts';
import { pcd } from './strategies/pcd.ts';
import { pcgrad } from './strategies/pcgrad.ts';
import { performance } from './strategies/performance.ts';
import { random } from './strategies/random.ts';
import { sdmgrad } from './strategies/sdmgrad.ts';
import { staticWeights } from './strategies/static.ts';
import { stch } from './strategies/stch.ts';
import { sum } from './strategies/sum.ts';
import { trimmedMean } from './strategies/trimmed-mean.ts';
import { uncertainty } from './strategies/uncertainty.ts';
import { uncertaintyOptimal } from './strategies/uncertainty-optimal.ts';
import { uncertaintySoftmax } from './strategies/uncertainty-softmax.ts';
import { unitary } from './strategies/unitary.ts';
import { upgrad } from './strategies/upgrad.ts';
import { moduleStrategy } from './strategies/module.ts';

/** Every strategy but the wrapper, which takes one of them. */
const plainStrategies = {
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
};

export const strategies = { ...plainStrategies, 'cr-mogm': crMogm(plainStrategies) };

/** What is taken where a spec names no strategy. */
export const defaultStrategy = 'static';

export const strategyChoice = tagged(
  'name',
  { ...strategies, module: moduleStrategy },
  'How task losses become one update: a name, `{name, …parameters}` or `{"module": "./mine.mjs"}`.',
  '各任务损失如何合成一次更新：名称、`{name, …参数}` 或 `{"module": "./mine.mjs"}`。',
  { fallback: defaultStrategy },
);
