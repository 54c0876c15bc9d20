/** The contract of an input type's meaning: shapes, and what a plan says of its columns. */
import type { Text } from '../../common/text.ts';
import type { InputSpec, InputType } from '../../spec/index.ts';
import type { Chosen } from '../table-columns.ts';
import type { DataFacts, Shape } from '../plan.ts';

/** What is known of a data column before anybody has said what it is for. */
export interface ColumnLook {
  readonly kind: 'number' | 'category' | 'text' | 'array' | 'empty';
  /** Shape of one row. */
  readonly shape: readonly number[];
}

/** The columns cannot be an input of this type. */
export interface ColumnMistake {
  readonly code: 'one-column' | 'not-an-image';
  readonly message: Text;
}

/** How a first spec makes inputs of columns. */
export interface Proposal {
  fits(column: ColumnLook): boolean;
  /** Name of the one input of all such columns; without it each of them is an input of its own. */
  readonly together?: string;
  /** Layers that make a vector of a sample that is none, as a spec writes them. */
  readonly layers?: readonly Readonly<Record<string, unknown>>[];
}

export interface InputRule<Type extends InputType = InputType> {
  /** Of one sample, from the arguments and the header; sizes that only the data can tell are null. */
  shape(spec: InputSpec & { readonly type: Type }, chosen: Chosen, facts: DataFacts | undefined): Shape;
  /** Are its numbers indices of a vocabulary (for embedding)? Absent: never. */
  isIndex?(spec: InputSpec & { readonly type: Type }): boolean;
  /** Whether the real columns can be such an input. */
  mistake?(columns: readonly string[], facts: DataFacts): ColumnMistake | undefined;
  /** Absent where columns of this kind are not proposed as inputs. */
  readonly proposal?: Proposal;
}
