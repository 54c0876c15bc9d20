/** Made-up results of runs. */
import type { Outcome } from '../../../src/experiment/contract.ts';

/** A run that ended well, with these validation values: accuracy of `kind` and MAE of `size`. */
export const done = (accuracy: number | null, mae: number | null, skill: number | null = accuracy): Outcome => ({
  ...{ state: 'done', failure: null, reason: null, seconds: 2, epochs: 10 },
  validation: new Map([
    ['kind', new Map([['accuracy', accuracy]])],
    ['size', new Map([['mae', mae]])],
  ]),
  test: new Map(),
  scores: new Map([
    ['validation/skill', skill],
    ['validation/total', mae],
  ]),
  samples: { train: 70, validation: 15, test: 15 },
});

export const failed: Outcome = {
  ...{ state: 'failed', failure: 'nan', reason: { en: 'diverged', zh: '发散' }, seconds: 1, epochs: 2 },
  ...{ validation: new Map(), test: new Map(), scores: new Map(), samples: null },
};
