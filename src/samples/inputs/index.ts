/** The input types: one row each. To add one, write its file and add its row here and in `FittedInput`. */
import type { InputSettings } from '../settings.ts';
import type { Cells, Notes, RowStore } from '../contract.ts';
import type { FittedCategory } from './category.ts';
import { categoryInput } from './category.ts';
import type { FittedImage } from './image.ts';
import { imageInput } from './image.ts';
import type { FittedNumber } from './number.ts';
import { numberInput } from './number.ts';
import type { Fitting } from './types.ts';

export type FittedInput = FittedNumber | FittedCategory | FittedImage;

export function beginInput(
  settings: InputSettings,
  cells: Cells,
  trainRows: Int32Array,
  notes: Notes,
): Fitting<FittedInput> {
  switch (settings.type) {
    case 'number':
      return numberInput.begin(settings, cells, trainRows, notes);
    case 'category':
      return categoryInput.begin(settings, cells, trainRows, notes);
    case 'image':
      return imageInput.begin(settings, cells, trainRows, notes);
  }
}

export function unusableRows(fitted: FittedInput, cells: Cells): Uint8Array {
  switch (fitted.type) {
    case 'number':
      return numberInput.unusable(fitted, cells);
    case 'category':
      return categoryInput.unusable(fitted, cells);
    case 'image':
      return imageInput.unusable(fitted, cells);
  }
}

export function prepareInput(fitted: FittedInput, cells: Cells, rows: Int32Array, notes: Notes): RowStore {
  switch (fitted.type) {
    case 'number':
      return numberInput.prepare(fitted, cells, rows, notes);
    case 'category':
      return categoryInput.prepare(fitted, cells, rows, notes);
    case 'image':
      return imageInput.prepare(fitted, cells, rows, notes);
  }
}
