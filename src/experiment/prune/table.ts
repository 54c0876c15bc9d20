/** The ways to cut trials: one file each, and one row here. */
import type { Spec } from '../../spec/index.ts';
import { asha } from './asha.ts';
import type { Pruner } from './contract.ts';
import { medianStopping } from './median.ts';

type PruneName = NonNullable<NonNullable<Spec['experiment']>['stages'][number]['prune']>['method'];

export const pruners: { readonly [Name in PruneName]: Pruner } = { asha, median: medianStopping };
