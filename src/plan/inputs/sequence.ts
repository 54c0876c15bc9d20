import type { InputRule } from './contract.ts';

export const sequence: InputRule<'sequence'> = { shape: ({ maxLength }, { width }) => [maxLength ?? null, width] };
