/** Tables of single runs side by side. */
import { besideReference } from '../../common/beside.ts';
import { text, type Text } from '../../common/text.ts';
import type { BesideRow, BesideValue, RunsBeside } from '../comparison/contract.ts';
import { shortNumber, signedNumber } from '../comparison/numbers.ts';
import { cell, said, same, sentences } from './cells.ts';
import type { ReportCell, ReportTable } from './contract.ts';

/** None for a run alone. */
export function besideTables(beside: RunsBeside): readonly ReportTable[] {
  if (beside.runs.length < 2) return [];
  return [numbers(beside), ...(beside.differences.length > 0 ? [specs(beside)] : [])];
}

const heads = ({ runs, reference }: RunsBeside): readonly Text[] =>
  runs.map(({ id, label }) => (id === reference ? text(`${label} (reference)`, `${label}（参照）`) : same(label)));

function numbers(beside: RunsBeside): ReportTable {
  const { runs, rows, reference, caveats } = beside;
  const place = runs.findIndex(({ id }) => id === reference);
  return {
    title: text('Runs side by side', '并排的各次运行'),
    columns: [text('task', '任务'), text('metric', '指标'), text('split', '数据划分'), ...heads(beside)],
    words: 3,
    rows: rows.map((row) => {
      const found = besideReference(
        row.values.map(({ value }) => value),
        place,
        row.higherIsBetter,
      );
      return [
        cell(row.task),
        cell(`${row.metric} ${row.higherIsBetter ? '↑' : '↓'}`),
        said(splitOf(row)),
        ...row.values.map((value, at) => numberCell(value, found[at] ?? { delta: null, best: false })),
      ];
    }),
    note: sentences([about, ...(caveats.length > 0 ? [caution] : []), ...caveats]),
  };
}

const splitOf = ({ split }: BesideRow): Text =>
  split === 'test' ? text('test', '测试集') : text('best validation', '验证集最佳');

const about = text(
  '↑ higher is better, ↓ lower; in parentheses the difference to the reference; * best; @ the epoch of the best value. Single runs: no interval, no verdict.',
  '↑ 越高越好，↓ 越低越好；括号内为与参照之差；* 为最佳；@ 后为取得最佳值的轮。单次运行：没有区间，也没有结论。',
);

const caution = text(
  'The differences must not be read as the effect of the settings alone.',
  '这些差异不能只当作设置的效果。',
);

function numberCell(
  { value, state, epoch }: BesideValue,
  { delta, best }: ReturnType<typeof besideReference>[number],
): ReportCell {
  if (value === null) return state === 'failed' ? said(text('– failed', '– 失败')) : cell('–');
  const parts = [
    `${shortNumber(value)}${best ? ' *' : ''}`,
    ...(delta === null ? [] : [`(${signedNumber(delta)})`]),
    ...(epoch === null ? [] : [`@${String(epoch)}`]),
  ];
  return cell(parts.join(' '));
}

/** Values longer than this are cut: the whole stands in `--json`. */
const longest = 48;

function specs(beside: RunsBeside): ReportTable {
  const short = (value: string | null): string =>
    value === null ? '–' : value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
  return {
    title: text('What differs between the specs', '实验描述文件的差别'),
    columns: [text('key', '键'), ...heads(beside)],
    words: 1 + beside.runs.length,
    rows: beside.differences.map(({ pointer, values }) => [
      cell(pointer),
      ...values.map((value) => cell(short(value))),
    ]),
  };
}
