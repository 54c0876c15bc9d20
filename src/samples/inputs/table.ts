/** The input types: one file and one row each. */
import { text } from '../../common/text.ts';
import type { AvailableInput, InputSpec } from '../../spec/resolved.ts';
import { inputName, notAvailable } from '../not-available.ts';
import { categoryInput } from './category.ts';
import type { Frame, InputRow } from './contract.ts';
import { imageInput } from './image.ts';
import { numberInput } from './number.ts';

const table = {
  number: numberInput,
  category: categoryInput,
  image: imageInput,
} satisfies { readonly [Type in AvailableInput]: InputRow<Type> };

type Rows = typeof table;
export type InputSettings = ReturnType<Rows[AvailableInput]['settings']>;
export type FittedInput = ReturnType<ReturnType<Rows[AvailableInput]['begin']>['finish']>;

/** By the word of the spec. */
export const inputTypes: { readonly [Type in AvailableInput]: InputRow<AvailableInput, InputSettings, FittedInput> } =
  table;

/** The row of an input, before it is fitted or after. */
export function inputRow({ type }: InputSettings | FittedInput): (typeof inputTypes)[AvailableInput] {
  return inputTypes[type];
}

/** @throws DataError `not-available` and whatever the type's own settings throw */
export function inputSettings(name: string, input: InputSpec, columns: readonly string[]): InputSettings {
  if (!isAvailable(input)) throw notAvailable(inputName(name), text(`the type “${input.type}”`, `类型“${input.type}”`));
  return inputTypes[input.type].settings(name, input, columns);
}

function isAvailable(input: InputSpec): input is Extract<InputSpec, { readonly type: AvailableInput }> {
  return Object.hasOwn(inputTypes, input.type);
}

/** The pixels of the image inputs among these. */
export function framesOf(inputs: readonly FittedInput[]): readonly Frame[] {
  return inputs.flatMap((input) => inputRow(input).frame?.(input) ?? []);
}
