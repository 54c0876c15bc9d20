import type { InputRule } from './contract.ts';

/** How many values a column has, only the rows tell. */
export const category: InputRule<'category'> = {
  shape: ({ encoding, missing }, { width }) => [encoding === 'index' && !missing.indicator ? width : null],
  isIndex: ({ encoding }) => encoding === 'index',
  proposal: { fits: ({ kind }) => kind === 'category' },
};
