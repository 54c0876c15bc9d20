/** The target types: one row each. To add one, write its file and add its row here and in `FittedTarget`. */
import { undoScaling } from '../scaling.ts';
import type { TargetSettings } from '../settings.ts';
import type { Cells, Notes } from '../contract.ts';
import type { FittedBox } from './box.ts';
import { boxTarget, fromCorners } from './box.ts';
import type { FittedClassification } from './classification.ts';
import { classificationTarget } from './classification.ts';
import type { FittedRegression } from './regression.ts';
import { regressionTarget } from './regression.ts';
import type { Labels, TargetType } from './contract.ts';

export type FittedTarget = FittedClassification | FittedRegression | FittedBox;

export function fitTarget(settings: TargetSettings, cells: Cells, trainRows: Int32Array, notes: Notes): FittedTarget {
  switch (settings.type) {
    case 'classification':
      return classificationTarget.fit(settings, cells, trainRows, notes);
    case 'regression':
      return regressionTarget.fit(settings, cells, trainRows, notes);
    case 'box':
      return boxTarget.fit(settings, cells, trainRows, notes);
  }
}

export function prepareTarget(fitted: FittedTarget, cells: Cells, rows: Int32Array, notes: Notes): Labels {
  switch (fitted.type) {
    case 'classification':
      return classificationTarget.prepare(fitted, cells, rows, notes);
    case 'regression':
      return regressionTarget.prepare(fitted, cells, rows, notes);
    case 'box':
      return boxTarget.prepare(fitted, cells, rows, notes);
  }
}

/** Numbers of a label, for labels that lie on disk where the inputs do; undefined for those that stay in memory. */
export function numbersToStore(fitted: FittedTarget): number | undefined {
  return types[fitted.type].stored?.(fitted);
}

const types: Readonly<Record<FittedTarget['type'], TargetType<TargetSettings, FittedTarget>>> = {
  classification: classificationTarget,
  regression: regressionTarget,
  box: boxTarget,
};

/** The columns that hold a target. */
export function targetColumns(fitted: FittedTarget): readonly string[] {
  return fitted.type === 'classification' ? [fitted.column] : fitted.columns;
}

/**
 * Back from what the loss sees to what the data hold: the inverse of the preparation, for predictions and metrics.
 * @param values one sample: normalized numbers (regression; `quantile` heads give k per column, column by column), or corners
 * x1, y1, x2, y2 in fractions of the image (box); class indices stay as they are
 */
export function restoreTarget(fitted: FittedTarget, values: ArrayLike<number>): number[] {
  const numbers = Array.from(values);
  if (fitted.type === 'classification') return numbers;
  if (fitted.type === 'box') {
    const [x1 = NaN, y1 = NaN, x2 = NaN, y2 = NaN] = numbers;
    const [u, v] = fitted.unit;
    return [...fromCorners([x1 / u, y1 / v, x2 / u, y2 / v], fitted.format)];
  }
  const perColumn = numbers.length / fitted.scalings.length;
  return numbers.map((value, index) => {
    const scaling = fitted.scalings[Math.floor(index / perColumn)];
    return scaling === undefined ? NaN : undoScaling(scaling, value);
  });
}
