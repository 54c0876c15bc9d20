/** A report: sections of sentences and tables in both languages. Formats write it; none of them knows a comparison. */
import type { Text } from '../../common/text.ts';

export interface ReportCell {
  readonly text: Text;
  /** Decided; the only thing that is ever written bold. */
  readonly bold?: true;
}

export interface ReportTable {
  readonly title: Text;
  readonly columns: readonly Text[];
  /** The first `words` columns hold words and stand to the left. */
  readonly words: number;
  readonly rows: readonly (readonly ReportCell[])[];
  readonly note?: Text;
}

/** A drawing, as an SVG element in each language; its numbers are in the section's tables and in `data`. */
export interface Figure {
  readonly title: Text;
  readonly svg: Text;
  readonly data: FigureData;
}

/** The numbers of a figure, for people who draw it anew. */
export interface FigureData {
  /** Name of a file without its ending, of ASCII letters, digits and dashes. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Section {
  readonly id: string;
  readonly title: Text;
  /** One sentence, or a few. */
  readonly summary: readonly Text[];
  readonly tables: readonly ReportTable[];
  readonly figures: readonly Figure[];
}

export interface Report {
  readonly title: Text;
  readonly sections: readonly Section[];
}
