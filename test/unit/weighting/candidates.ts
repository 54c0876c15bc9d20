/** Strategies on gradients, with what is promised of each. */

export interface Candidate {
  readonly name: string;
  readonly parameters?: Record<string, unknown>;
  /** Weights are ≥ 0. */
  readonly positive?: true;
  /** Multiplying all gradients by s multiplies the direction by s to this power; absent: no such rule. */
  readonly degree?: number;
  /** No gradient has a negative product with the direction. */
  readonly harmless?: true;
  /** The direction does not depend on the size of single losses. */
  readonly scaleFree?: true;
  /** Visits tasks in a drawn order, so that renaming tasks changes the draw too. */
  readonly ordered?: true;
}

export const candidates: readonly Candidate[] = [
  { name: 'sum', positive: true, degree: 1 },
  { name: 'mean', positive: true, degree: 1 },
  { name: 'mgda', positive: true, degree: 1, harmless: true },
  {
    name: 'mgda',
    parameters: { gradientNormalization: 'l2' },
    positive: true,
    degree: 0,
    harmless: true,
    scaleFree: true,
  },
  { name: 'imtl-g', degree: 1 },
  { name: 'pcgrad', positive: true, degree: 1, ordered: true },
  { name: 'gradvac', parameters: { epsilon: 0 }, degree: 1, ordered: true },
  { name: 'cagrad', positive: true, degree: 1 },
  { name: 'cagrad', parameters: { c: 1.5, rescale: 0 }, positive: true, degree: 1, harmless: true },
  { name: 'nash-mtl', parameters: { maxNorm: 0 }, positive: true },
  { name: 'nash-mtl', positive: true },
  { name: 'aligned-mtl', degree: 1 },
  { name: 'aligned-mtl', parameters: { scaleMode: 'rmse' }, degree: 1 },
  { name: 'fairgrad', positive: true },
  { name: 'fairgrad', parameters: { alpha: 2 }, positive: true },
  { name: 'fairgrad', parameters: { alpha: 0.5 }, positive: true },
  { name: 'upgrad', parameters: { normEps: 0, regEps: 1e-10 }, positive: true, degree: 1 },
  { name: 'dualproj', parameters: { normEps: 0, regEps: 1e-10 }, positive: true, degree: 1 },
  { name: 'upgrad', positive: true },
  { name: 'dualproj', positive: true },
  { name: 'config', degree: 1 },
  { name: 'krum', positive: true, degree: 1 },
  { name: 'pcd', parameters: { epsilon: 0 }, positive: true, degree: 1 },
  { name: 'graddrop', degree: 1 },
  { name: 'trimmed-mean', degree: 1 },
  { name: 'moco' },
  { name: 'moco', parameters: { convention: 'libmtl' } },
  { name: 'db-mtl' },
  { name: 'excess-mtl', positive: true },
  { name: 'excess-mtl', parameters: { convention: 'torchjd', stepSize: 1 }, positive: true },
  { name: 'modo', positive: true },
  { name: 'sdmgrad', positive: true },
  { name: 'imtl' },
];
