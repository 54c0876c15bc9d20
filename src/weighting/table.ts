/** The strategies: one file each, one row here. Training takes those that `src/spec/available.ts` lets through. */
import { adatask } from './entries/adatask.ts';
import { adjusted, adjustedEntries } from './adjust.ts';
import { alignedMtl } from './gram/aligned-mtl.ts';
import { autoLambda, moml } from './batches/bilevel.ts';
import { complexity, dataSize, initialLoss } from './losses/by-facts.ts';
import { cagrad } from './gram/cagrad.ts';
import { config } from './gram/config.ts';
import { cosmos } from './losses/cosmos.ts';
import { wrapperRow } from './gram/cr-mogm.ts';
import { dbMtl } from './entries/db-mtl.ts';
import { dwa } from './losses/dwa.ts';
import { excessMtl } from './entries/excess-mtl.ts';
import { fairgrad } from './gram/fairgrad.ts';
import { famo } from './losses/famo.ts';
import { forum } from './batches/forum.ts';
import { geometric } from './losses/geometric.ts';
import { graddrop } from './entries/graddrop.ts';
import { gradnorm } from './gram/gradnorm.ts';
import { gradvac } from './gram/gradvac.ts';
import { imtlG } from './gram/imtl-g.ts';
import { imtlL } from './losses/imtl-l.ts';
import { imtl } from './gram/imtl.ts';
import { krum } from './gram/krum.ts';
import { log } from './losses/log.ts';
import { mConfig } from './entries/m-config.ts';
import { mgda } from './gram/mgda.ts';
import { moco } from './entries/moco.ts';
import { modo } from './batches/modo.ts';
import { nashMtl } from './gram/nash-mtl.ts';
import { pbi } from './losses/pbi.ts';
import { pcd } from './gram/pcd.ts';
import { pcgrad } from './gram/pcgrad.ts';
import { performance } from './losses/performance.ts';
import { meanOfLosses, sumOfLosses, unitary } from './losses/plain.ts';
import { random } from './losses/random-weights.ts';
import { sdmgrad } from './batches/sdmgrad.ts';
import { staticWeights } from './losses/static.ts';
import { stch } from './losses/stch.ts';
import { trimmedMean } from './entries/trimmed-mean.ts';
import type { EntryStrategy, EntryStrategyRow, Strategy, StrategyContext, StrategyRow } from './contract.ts';
import { uncertaintyOptimal, uncertaintySoftmax } from './losses/uncertainty-optimal.ts';
import { uncertainty } from './losses/uncertainty.ts';
import { dualproj, upgrad } from './gram/upgrad.ts';

const plain: readonly StrategyRow[] = [
  ...[staticWeights, sumOfLosses, meanOfLosses, unitary],
  ...[uncertainty, uncertaintyOptimal, uncertaintySoftmax, dwa, geometric, log, random, imtlL, stch, famo, cosmos, pbi],
  ...[complexity, dataSize, performance, initialLoss],
  ...[gradnorm, mgda, imtlG, imtl, pcgrad, gradvac, cagrad, nashMtl, alignedMtl, fairgrad, upgrad, dualproj],
  ...[config, krum, pcd],
  ...[modo, sdmgrad, moml, autoLambda, forum],
].map(adjusted);

/** Strategies that turn statistics into weights. */
export const strategies: readonly StrategyRow[] = [...plain, wrapperRow(plain)];

/** Strategies that work on the gradients entry by entry, or keep state over them. */
export const entryStrategies: readonly EntryStrategyRow[] = [
  ...[graddrop, trimmedMean, moco, dbMtl, excessMtl, adatask, mConfig],
].map(adjustedEntries);

type Parameters = StrategyContext['parameters'];

/** The row that works on entries, for a name of the spec and its parameters; `config` with momentum is one of its own. */
function entryName(name: string, parameters: Parameters): string {
  return name === 'config' && parameters['momentum'] === true ? mConfig.name : name;
}

/** Which of the two makes a strategy: `createStrategy` or `createEntryStrategy`. */
export function strategyKind(name: string, parameters: Parameters = {}): 'weights' | 'entries' {
  const wanted = entryName(name, parameters);
  return entryStrategies.some((row) => row.name === wanted) ? 'entries' : 'weights';
}

/** Makes the strategy of that name. The spec room has refused unknown names already, so a miss is a programming error. */
export function createStrategy(name: string, context: StrategyContext): Strategy {
  const row = strategies.find((candidate) => candidate.name === name);
  if (!row) throw new RangeError(`No weighting strategy "${name}" is built into this trainer.`);
  return row.create(context);
}

/** Makes the entry-wise strategy of that name. */
export function createEntryStrategy(name: string, context: StrategyContext): EntryStrategy {
  const wanted = entryName(name, context.parameters);
  const row = entryStrategies.find((candidate) => candidate.name === wanted);
  if (!row) throw new RangeError(`No entry-wise strategy "${name}" is built into this trainer.`);
  return row.create(context);
}
