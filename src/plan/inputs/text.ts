import type { InputRule } from './contract.ts';

export const text: InputRule<'text'> = {
  shape: ({ maxLength }) => [maxLength],
  isIndex: () => true,
};
