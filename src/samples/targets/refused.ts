/** The refusal of a label outside what loss, metrics and normalization make sense of. */
import { DataError } from '../../data/error.ts';
import { sourceRow, whereIs, whereIsZh } from '../../data/table.ts';
import type { Text } from '../../common/text.ts';
import { pointerOf } from '../../spec/index.ts';
import type { Cells } from '../contract.ts';

export function refused(task: string, cells: Cells, row: number, column: string | undefined, why: Text): DataError {
  const { table } = cells;
  return new DataError(
    'label',
    {
      en: `Task “${task}” (${table.file}, ${whereIs(table, row)}, column “${column ?? ''}”): ${why.en}`,
      zh: `任务“${task}”（${table.file}，${whereIsZh(table, row)}，列“${column ?? ''}”）：${why.zh}`,
    },
    { file: table.file, row: sourceRow(table, row), column, pointer: pointerOf(['tasks', task, 'target']) },
  );
}
