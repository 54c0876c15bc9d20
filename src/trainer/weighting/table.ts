/** The strategies: one file each, one row here. Training takes those that `src/spec/available.ts` lets through. */
import { adatask } from './adatask.ts';
import { adjusted, adjustedEntries } from './adjust.ts';
import { alignedMtl } from './aligned-mtl.ts';
import { autoLambda, moml } from './bilevel.ts';
import { complexity, dataSize, initialLoss } from './by-facts.ts';
import { cagrad } from './cagrad.ts';
import { config } from './config.ts';
import { cosmos } from './cosmos.ts';
import { wrapperRow } from './cr-mogm.ts';
import { dbMtl } from './db-mtl.ts';
import { dwa } from './dwa.ts';
import { excessMtl } from './excess-mtl.ts';
import { fairgrad } from './fairgrad.ts';
import { famo } from './famo.ts';
import { forum } from './forum.ts';
import { geometric } from './geometric.ts';
import { graddrop } from './graddrop.ts';
import { gradnorm } from './gradnorm.ts';
import { gradvac } from './gradvac.ts';
import { imtlG } from './imtl-g.ts';
import { imtlL } from './imtl-l.ts';
import { imtl } from './imtl.ts';
import { krum } from './krum.ts';
import { log } from './log.ts';
import { mConfig } from './m-config.ts';
import { mgda } from './mgda.ts';
import { moco } from './moco.ts';
import { modo } from './modo.ts';
import { nashMtl } from './nash-mtl.ts';
import { pbi } from './pbi.ts';
import { pcd } from './pcd.ts';
import { pcgrad } from './pcgrad.ts';
import { performance } from './performance.ts';
import { meanOfLosses, sumOfLosses, unitary } from './plain.ts';
import { random } from './random-weights.ts';
import { sdmgrad } from './sdmgrad.ts';
import { staticWeights } from './static.ts';
import { stch } from './stch.ts';
import { trimmedMean } from './trimmed-mean.ts';
import type { EntryStrategy, EntryStrategyRow, Strategy, StrategyContext, StrategyRow } from './types.ts';
import { uncertaintyOptimal, uncertaintySoftmax } from './uncertainty-optimal.ts';
import { uncertainty } from './uncertainty.ts';
import { dualproj, upgrad } from './upgrad.ts';

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
