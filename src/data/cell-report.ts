/** What is noticed while cells become numbers and labels: gathered over all columns, files and parts of them, and told at the end. */
import type { Spellings } from './labels.ts';
import type { KindCounts } from './table.ts';

/** How the numbers of a column are written, in a file whose decimal sign was found by looking. */
export interface NumberForms {
  /** Digits alone. */
  plain: number;
  /** One to three digits, the decimal sign, three digits: it may group thousands. */
  grouped: number;
  /** Any other number. */
  other: number;
  /** A cell that may be grouped. */
  example: string;
}

/** Of one column that was read as labels. */
export interface LabelForms {
  readonly merged: readonly Spellings[];
  readonly alike: readonly Spellings[];
}

export class CellReport {
  /** Tokens that some cell of a column was, by column. */
  readonly tokens = new Map<string, Set<string>>();
  readonly numbers = new Map<string, NumberForms>();
  readonly labels = new Map<string, LabelForms>();
  /** Columns read as labels that hold values of several kinds (JSON). */
  readonly kinds = new Map<string, KindCounts>();

  tokenMet(column: string, token: string): void {
    const known = this.tokens.get(column);
    if (known === undefined) this.tokens.set(column, new Set([token]));
    else known.add(token);
  }

  numberForms(column: string, found: NumberForms): void {
    const known = this.numbers.get(column);
    if (known === undefined) {
      this.numbers.set(column, found);
      return;
    }
    known.plain += found.plain;
    known.grouped += found.grouped;
    known.other += found.other;
    if (known.example === '') known.example = found.example;
  }

  labelForms(column: string, { merged, alike }: LabelForms): void {
    if (merged.length + alike.length > 0) this.labels.set(column, { merged, alike });
  }

  labelKinds(column: string, found: KindCounts): void {
    const known = this.kinds.get(column) ?? { numbers: 0, texts: 0, others: 0 };
    this.kinds.set(column, {
      numbers: known.numbers + found.numbers,
      texts: known.texts + found.texts,
      others: known.others + found.others,
    });
  }
}
