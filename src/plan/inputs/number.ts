import type { InputRule } from './contract.ts';

/** An indicator is only added where the training rows lack values, which the header does not tell. */
export const number: InputRule<'number'> = {
  shape: ({ missing }, { width }) => [missing.indicator ? null : width],
  proposal: {
    fits: ({ kind, shape }) => kind === 'number' || (kind === 'array' && shape.length === 1),
    together: 'numbers',
  },
};
