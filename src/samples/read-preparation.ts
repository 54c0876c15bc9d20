/**
 * A preparation as it comes out of a saved model's preprocessing.json. Models come from strangers, so every value is checked on the way in; nothing
 * of the file is used before all of it has been found right.
 */
import { text as both, type Text } from '../common/text.ts';
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
  const fault: Fault | null = version === 1 ? preparation(value) : { path: [], found: otherVersion(version) };
  if (fault === null) return value as Preparation;
  const { en, zh } = said(fault);
  throw new DataError(
    'not-fitted',
    both(
      `preprocessing.json of this model is damaged (${en}). Train the model again, or copy its folder again.`,
      `此模型的 preprocessing.json 已损坏（${zh}）。请重新训练模型，或重新复制其文件夹。`,
    ),
    { file: 'preprocessing.json' },
  );
}

function otherVersion(version: unknown): Text {
  const found = String(version).slice(0, 20);
  return both(`version ${found} instead of 1`, `版本为 ${found}，应为 1`);
}

/** `inputs: 0: a list is expected` */
function said(fault: Fault): Text {
  const { en, zh } =
    'expected' in fault ? both(`${fault.expected.en} is expected`, `应为${fault.expected.zh}`) : fault.found;
  return both([...fault.path, en].join(': '), [...fault.path, zh].join('：'));
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
