/** How LibMTL's methods are called here: strategy, conventions, what its heads keep, what its records mean. */
import type { Fields } from './check.ts';

/** What is left in the gradients of the heads after LibMTL's backward pass. */
export type Heads = 'own' | 'weighted' | 'scaled' | 'mean' | 'sum';

export interface Method {
  readonly name: string;
  readonly parameters: (params: Fields) => Record<string, unknown>;
  readonly heads: Heads;
  /** Whether the recorded `weights` are the effective ones; `scaled`: before exp(s). */
  readonly weights?: 'effective' | 'scaled';
  /** Recorded state → member of ours. */
  readonly state?: Readonly<Record<string, string>>;
  /** Recorded row norms → name of our memory. */
  readonly norms?: Readonly<Record<string, string>>;
  /** Three batches: which two make the cross products, and which one the weights are applied to. */
  readonly batches?: { readonly cross: readonly [number, number]; readonly apply: number };
  /** Solved inexactly there: the library's recorded weights drive the replay, ours are compared step by step. */
  readonly solver?: 'mgda' | 'cagrad' | 'nash' | 'fairgrad';
}

const none = (): Record<string, unknown> => ({});

export const methods: Readonly<Record<string, Method>> = {
  Aligned_MTL: { name: 'aligned-mtl', parameters: () => ({ convention: 'sum' }), heads: 'own', weights: 'effective' },
  CAGrad: {
    name: 'cagrad',
    parameters: (p) => ({ c: p['calpha'], rescale: p['rescale'] }),
    heads: 'own',
    solver: 'cagrad',
  },
  DB_MTL: {
    name: 'db-mtl',
    parameters: (p) => ({ beta: p['DB_beta'], betaSigma: p['DB_beta_sigma'] }),
    heads: 'scaled',
    norms: { buffer_row_norms: 'buffer' },
  },
  DWA: { name: 'dwa', parameters: (p) => ({ temperature: p['T'] }), heads: 'weighted', weights: 'effective' },
  EW: { name: 'sum', parameters: none, heads: 'weighted', weights: 'effective' },
  ExcessMTL: {
    name: 'excess-mtl',
    parameters: (p) => ({ stepSize: p['robust_step_size'] }),
    heads: 'weighted',
    weights: 'effective',
    state: { loss_weight: 'weights', initial_w: 'baseline' },
  },
  FAMO: {
    name: 'famo',
    parameters: (p) => ({ learningRate: p['FAMO_w_lr'], weightDecay: p['FAMO_w_gamma'] }),
    heads: 'weighted',
    state: { w: 'logits' },
  },
  FairGrad: {
    name: 'fairgrad',
    parameters: (p) => ({ alpha: p['FairGrad_alpha'] }),
    heads: 'weighted',
    solver: 'fairgrad',
  },
  GLS: { name: 'geometric', parameters: none, heads: 'weighted' },
  GradDrop: { name: 'graddrop', parameters: none, heads: 'own' },
  GradNorm: {
    name: 'gradnorm',
    parameters: (p) => ({ convention: 'libmtl', alpha: p['alpha'] }),
    heads: 'own',
    weights: 'effective',
  },
  GradVac: { name: 'gradvac', parameters: (p) => ({ beta: p['GradVac_beta'] }), heads: 'own' },
  IMTL: { name: 'imtl', parameters: none, heads: 'scaled', weights: 'scaled' },
  MGDA: {
    name: 'mgda',
    parameters: (p) => ({ gradientNormalization: p['mgda_gn'] }),
    heads: 'own',
    solver: 'mgda',
  },
  MoCo: {
    name: 'moco',
    parameters: (p) => ({
      convention: 'libmtl',
      beta: p['MoCo_beta'],
      betaSigma: p['MoCo_beta_sigma'],
      gamma: p['MoCo_gamma'],
      gammaSigma: p['MoCo_gamma_sigma'],
      rho: p['MoCo_rho'],
    }),
    heads: 'own',
    state: { lambd: 'lambda' },
    norms: { y_row_norms: 'tracked' },
  },
  MoDo: {
    name: 'modo',
    parameters: (p) => ({ gamma: p['MoDo_gamma'], rho: p['MoDo_rho'] }),
    heads: 'mean',
    weights: 'effective',
    state: { lambd: 'lambda' },
    batches: { cross: [0, 1], apply: 2 },
  },
  Nash_MTL: {
    name: 'nash-mtl',
    parameters: (p) => ({ updateEvery: p['update_weights_every'], maxNorm: p['max_norm'] }),
    heads: 'weighted',
    solver: 'nash',
  },
  PCGrad: { name: 'pcgrad', parameters: () => ({ convention: 'libmtl' }), heads: 'own', weights: 'effective' },
  RLW: { name: 'random', parameters: none, heads: 'weighted', weights: 'effective' },
  SDMGrad: {
    name: 'sdmgrad',
    parameters: (p) => ({ learningRate: 5, lambda: p['SDMGrad_lamda'], iterations: p['SDMGrad_niter'] }),
    heads: 'sum',
    state: { w: 'w' },
    batches: { cross: [1, 2], apply: 0 },
  },
  STCH: {
    name: 'stch',
    parameters: (p) => ({ form: 'log-nadir', mu: p['STCH_mu'], warmup: p['STCH_warmup_epoch'] }),
    heads: 'weighted',
  },
  UPGrad: {
    name: 'upgrad',
    parameters: (p) => ({ normEps: p['UPGrad_norm_eps'], regEps: p['UPGrad_reg_eps'] }),
    heads: 'own',
    weights: 'effective',
  },
  UW: { name: 'uncertainty', parameters: () => ({ init: -0.5 }), heads: 'weighted', weights: 'effective' },
};
