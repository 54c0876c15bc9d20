/**
 * A preparation as it comes out of a saved model's preprocessing.json. Models come from strangers, so every value is checked on the way in; nothing
 * of the file is used before all of it has been found right.
 */
import { text as said } from '../common/text.ts';
import { either, isFields, list, oneOf, optional, pair, record, tagged, text, type Fault } from '../common/checks.ts';
import { DataError } from '../data/error.ts';
import { inputTypes } from './inputs/table.ts';
import type { Preparation } from './preparation.ts';
import { targetTypes } from './targets/table.ts';
import { checksOf, index } from './stored-checks.ts';

/**
 * A preparation out of parsed JSON.
 * @throws DataError `not-fitted` saying where the file is wrong
 */
export function readPreparation(value: unknown): Preparation {
  const version = isFields(value) ? value['version'] : undefined;
  const fault: Fault | null =
    version === 1 ? preparation(value) : { path: [], found: `version ${String(version).slice(0, 20)} instead of 1` };
  if (fault === null) return value as Preparation;
  const what = 'expected' in fault ? `${fault.expected} is expected` : fault.found;
  const wrong = [...fault.path, what].join(': ');
  throw new DataError(
    'not-fitted',
    said(
      `preprocessing.json of this model is damaged (${wrong}). Train the model again, or copy its folder again.`,
      `此模型的 preprocessing.json 已损坏（${wrong}）。请重新训练模型，或重新复制其文件夹。`,
    ),
    { file: 'preprocessing.json' },
  );
}

const tokens = either(list(text), list(pair(text, list(text))));

const preparation = record({
  version: index,
  missingTokens: tokens,
  decimal: optional(oneOf(',')),
  inputs: list(tagged('type', checksOf(inputTypes))),
  tasks: list(
    record({
      target: tagged('type', checksOf(targetTypes)),
      sampleWeight: optional(text),
      when: optional(record({ column: text, values: list(text) })),
      demands: optional(list(record({ domain: oneOf('non-negative'), by: text }))),
    }),
  ),
});
