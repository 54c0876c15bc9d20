/** What each input type means: one file and one row each. */
import type { InputSpec, InputType } from '../../spec/index.ts';
import type { Flow } from '../layers/contract.ts';
import type { Chosen } from '../table-columns.ts';
import type { DataFacts, PlanInput, Shape } from '../plan.ts';
import { audio } from './audio.ts';
import { category } from './category.ts';
import type { ColumnMistake, InputRule } from './contract.ts';
import { image } from './image.ts';
import { number } from './number.ts';
import { sequence } from './sequence.ts';
import { text } from './text.ts';

/** In the order in which a first spec lists its inputs. */
const table: { readonly [Type in InputType]: InputRule<Type> } = { image, number, category, text, audio, sequence };

export const inputRules: Readonly<Record<InputType, InputRule>> = table;

/** Shape of one sample of an input; sizes that only the data can tell are null. */
export function inputShape(name: string, spec: InputSpec, chosen: Chosen, facts: DataFacts | undefined): Shape {
  return facts?.inputShapes?.get(name) ?? inputRules[spec.type].shape(spec, chosen, facts);
}

/** Are its numbers indices of a vocabulary (for embedding)? */
export function isIndex(spec: InputSpec): boolean {
  return inputRules[spec.type].isIndex?.(spec) === true;
}

export function inputFlow(input: PlanInput, facts: DataFacts | undefined): Flow {
  if (!isIndex(input.spec)) return { shape: input.shape };
  return { shape: input.shape, indices: { vocabulary: facts?.vocabularies?.get(input.name) ?? null } };
}

/** Whether an input's real columns can be what its type asks for. */
export function columnMistake({ spec, columns }: PlanInput, facts: DataFacts): ColumnMistake | undefined {
  return inputRules[spec.type].mistake?.(columns, facts);
}
