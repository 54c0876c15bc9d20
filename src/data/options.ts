/** How a table is to be read: what a spec's `data` says about it. */
import type { Limits } from './limits.ts';
import type { Decimal, Thousands } from './numbers.ts';

/** `data.csv` of a spec; what is not given is found by looking. */
export interface CsvOptions {
  readonly separator?: string;
  readonly decimal?: Decimal;
  readonly thousands?: Thousands;
  readonly encoding?: string;
  readonly quote?: string;
  readonly header?: boolean;
  /** No word of the spec: the decimal sign of the rows that a model was trained on, for a file of other rows that does not show its own. */
  readonly usualDecimal?: Decimal;
}

export interface ReadOptions {
  /** `data.format`; by the extension where not given. */
  readonly format?: string | undefined;
  readonly csv?: CsvOptions | undefined;
  /** Headers: look at `limits.headerBytes` and no more, also where the first line is longer. */
  readonly glance?: boolean | undefined;
  /** Arrays to read from a format that can leave others unread. */
  readonly columns?: ReadonlySet<string> | undefined;
  readonly limits?: Partial<Limits> | undefined;
}
