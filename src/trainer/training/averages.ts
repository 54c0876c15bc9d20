/** What is to be said of moving averages that are evaluated with before they have arrived at the data. */
import { text } from '../../common/text.ts';
import type { LayerAverages, Model } from '../model/build.ts';
import type { ToldWarning, Warn } from './warnings.ts';

/** A share of the first values, mean 0 and variance 1, that an evaluation hardly shows. */
const negligible = 0.03;

interface Lag {
  readonly pointer: string;
  readonly updates: number;
  /** Of the first values in the averages: mᵗ; with `debias` only before the first update, when there is nothing else. */
  readonly share: number;
  /** Updates after which the share is negligible. */
  readonly arrived: number;
}

/** A run as far as this is its business. */
export interface Averaged {
  readonly prepared: { readonly model: Pick<Model, 'averages'> };
  readonly progress: { readonly step: number };
  readonly totalSteps: number;
  /** Brings the counts of updates up to date. */
  pull(): void;
  readonly warnings: { readonly warn: Warn };
}

/** After an evaluation; once in the life of a run. */
export function tellAverages(training: Averaged): void {
  const { averages } = training.prepared.model;
  if (averages.length === 0) return;
  training.pull();
  const lag = averagesWarning(averages, training.progress.step / training.totalSteps);
  if (lag) training.warnings.warn(lag.code, lag.message, { ...lag, about: '' });
}

/**
 * @param done part of the training's steps that are taken: a layer whose averages arrive before the end gets a remark,
 *   another one a warning
 */
function averagesWarning(averages: readonly LayerAverages[], done: number): ToldWarning | null {
  const lags = averages.map(lagOf).filter(({ share }) => share > negligible);
  const [worst] = [...lags].sort((a, b) => b.share - a.share);
  if (!worst) return null;
  const { updates, share, arrived } = worst;
  const percent = `${String(Math.round(100 * share))} %`;
  const [first, others] = [JSON.stringify(worst.pointer), lags.length - 1];
  const en = others === 0 ? first : `${first} and ${others === 1 ? 'another layer' : `${String(others)} other layers`}`;
  const zh = others === 0 ? `${first} 的` : `${first} 等 ${String(others + 1)} 层的`;
  const early = lags.every((lag) => lag.updates / done >= lag.arrived);
  return {
    code: 'averages-lag',
    message: text(
      `The moving averages of ${en} still hold ${percent} of the mean 0 and variance 1 they begin with, after ${countOf(updates)}, and evaluations, which choose the best epoch, normalize by them. It is under 3 % after ${countOf(arrived)}. Set "debias": true in the layer, or a smaller "momentum".`,
      `${zh}滑动平均在 ${String(updates)} 次更新后仍含有 ${percent} 的初始值（均值 0、方差 1），而评估按它们归一化，最佳轮次也据此选出。${String(arrived)} 次更新后才低于 3 %。请在该层设置 "debias": true，或减小 "momentum"。`,
    ),
    ...(early ? { severity: 'information' } : {}),
  };
}

function countOf(updates: number): string {
  return `${String(updates)} ${updates === 1 ? 'update' : 'updates'}`;
}

function lagOf({ pointer, momentum, debias, updates: count }: LayerAverages): Lag {
  const [updates = 0] = count.dataSync();
  const arrived = debias || momentum === 0 ? 1 : Math.ceil(Math.log(negligible) / Math.log(momentum));
  return { pointer, updates, arrived, share: debias && updates > 0 ? 0 : momentum ** updates };
}
