/**
 * Tree-structured Parzen estimators (Bergstra et al. 2011), multivariate, with Optuna's constants: after 10 settings of the
 * scrambled Sobol sequence, the best ⌈n/10⌉ (at most 25) of n trials make the density l, all others g; of 24 draws from l the
 * one with the largest l/g is next. Several objectives: the best by fronts and covered volume (Ozaki et al. 2020).
 *
 * Failed and pruned trials belong to the others, and so do those that still run: until it has come to something, no second
 * trial is sent to the same place (the constant liar). Done with a value missing: no evidence, in neither.
 */
import { text } from '../../common/text.ts';
import { keyed } from '../../numbers/random.ts';
import type { DesignRequest, SequentialDesign, Setting, Trial } from './contract.ts';
import { combinations, settingAt, settingText } from './conditions.ts';
import { tooMany } from './designed.ts';
import { density, drawn, parzenOf } from './parzen.ts';
import { bestOf, isScored } from './ranking.ts';
import { mostDimensions, sobolPoint } from './sobol.ts';

const startup = 10;
const candidates = 24;

/** How many trials are good: a tenth, at most 25. */
const goodOf = (count: number): number => Math.min(25, Math.ceil(count / 10));

function next(history: readonly Trial[], { factors, seed }: DesignRequest): Setting {
  const number = history.length;
  const random = keyed(seed, 'design', 'tpe', number);
  const known = history.filter(isScored);
  if (number < startup || known.length === 0) {
    if (factors.length <= mostDimensions) return settingAt(factors, sobolPoint(factors.length, number, seed));
    return settingAt(
      factors,
      factors.map(() => random.uniform()),
    );
  }
  const good = new Set<Trial>(bestOf(known, goodOf(known.length)));
  const others = history.filter((trial) => !good.has(trial) && (trial.state !== 'done' || isScored(trial)));
  const l = parzenOf(
    factors,
    [...good].map(({ setting }) => setting),
  );
  const g = parzenOf(
    factors,
    others.map(({ setting }) => setting),
  );
  const seen = new Set(history.map(({ setting }) => settingText(setting)));
  const drawnSettings = Array.from({ length: candidates }, () => drawn(l, random));
  // What has been tried already would only be merged; it is taken where nothing else was drawn.
  const fresh = drawnSettings.filter((setting) => !seen.has(settingText(setting)));
  const scored = (fresh.length > 0 ? fresh : drawnSettings).map((setting) => ({
    setting,
    score: Math.log(density(l, setting)) - Math.log(density(g, setting)),
  }));
  return scored.reduce((best, other) => (other.score > best.score ? other : best)).setting;
}

export const tpe: SequentialDesign = {
  title: text('Tree-structured Parzen estimators (TPE)', '树结构 Parzen 估计（TPE）'),
  runs: 'needed',
  takes: 'ranges',
  sequential: true,
  problems: (request) => tooMany(request, combinations(request.factors)),
  next,
};
