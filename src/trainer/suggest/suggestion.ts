/** A suggestion: weights, and the numbers they come from. */
import { text, type Text } from '../../common/text.ts';
import { ToldError } from '../../common/told-error.ts';

export const methods = ['complexity', 'data', 'performance', 'initial-loss'] as const;
export type Method = (typeof methods)[number];

export interface Detail {
  readonly task: string;
  readonly weight: number;
  /** The formula's numbers by name, in the order of their use. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly text: Text;
}

export interface Suggestion {
  readonly by: Method;
  readonly formula: string;
  /** In the order of the spec. */
  readonly details: readonly Detail[];
  readonly warnings: readonly Text[];
}

/** Why a method cannot say anything here, and what would help. */
export interface Refusal {
  readonly by: Method;
  readonly refused: Text;
}

export const note: Text = {
  en: 'a starting point: verify with a static-weights frontier',
  zh: '仅为起点：请用固定权重前沿验证',
};

export class SuggestError extends ToldError {
  override readonly name = 'SuggestError';

  constructor(en: string, zh: string) {
    super(text(en, zh));
  }
}
