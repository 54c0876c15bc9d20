import { counted } from '../../common/text.ts';
import * as path from 'node:path';
import { replaceFile } from '../../files/plain.ts';
import { systemCode } from '../../common/told-error.ts';
import { isPlainFile, isTaken } from '../../files/links.ts';
import { dataOption, memoryOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { memoryOf } from '../places.ts';
import { plain, printData, printProgress } from '../output.ts';
import { formatOf, predictionFormats, toCsv, type PredictionFormat } from '../prediction-formats.ts';
import { runPlace, trainedRun } from '../run-directory.ts';
import { loadWorker } from '../worker-bundle.ts';

export const verb: Verb = {
  loadsEngine: true,
  usage: 'predict RUN --data FILE [--out FILE] [--proba] [--memory SIZE]',
  help: {
    en: 'Predictions for the rows of a data file; labels need not be there.',
    zh: '对数据文件逐行预测，无需标签。',
  },
  options: {
    data: dataOption,
    out: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'write there: .csv, .jsonl or .npz (default: CSV on stdout)',
        zh: '写入 .csv、.jsonl 或 .npz（默认在标准输出给出 CSV）',
      },
    },
    proba: { type: 'boolean', help: { en: 'one column a class', zh: '每个类别一列概率' } },
    ...memoryOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: predict,
};

/** `mtl predict`: CSV, JSONL or NPZ by the extension of `--out`; CSV on stdout without. */
async function predict(args: Arguments): Promise<number> {
  const run = trainedRun(args.word(0));
  const data = args.text('data');
  if (data === undefined) {
    throw new CliError('Say what to predict for: --data FILE.', '请用 --data FILE 指定要预测的数据。');
  }
  const out = args.text('out');
  const format = out === undefined ? undefined : knownFormat(out);
  if (out !== undefined) refuseNoFile(out);
  const table = await loadWorker().predictRun(run, {
    ...runPlace(args, run),
    ...memoryOf(args),
    data: path.resolve(data),
    proba: args.flag('proba'),
  });
  for (const warning of table.warnings) printProgress(`${t('warning: ', '警告：')}${plain(say(warning))}`);
  if (out === undefined || !format) {
    printData(toCsv(table));
    return 0;
  }
  try {
    replaceFile(path.resolve(out), format.write(table));
  } catch (error) {
    const code = systemCode(error);
    throw new CliError(
      `"${out}" cannot be written (${code}). Choose another place.`,
      `无法写入“${out}”（${code}）。请另选位置。`,
      1,
    );
  }
  printProgress(
    t(
      `${counted(table.rows.length, 'row')} written to ${plain(out)}`,
      `已将 ${table.rows.length} 行写入 ${plain(out)}`,
    ),
  );
  return 0;
}

/** Said before the work: a link would be replaced by the file, a folder or a pipe cannot be. */
function refuseNoFile(out: string): void {
  const file = path.resolve(out);
  if (!isTaken(file) || isPlainFile(file)) return;
  throw new CliError(
    `--out "${out}" is a link, a folder or a device; nothing is written through it. Name a file.`,
    `--out “${out}”是链接、文件夹或设备，不会写入。请给出文件名。`,
  );
}

function knownFormat(out: string): PredictionFormat {
  const format = formatOf(out);
  if (format) return format;
  const known = predictionFormats.map(({ extension }) => extension).join(', ');
  throw new CliError(
    `The extension of --out "${out}" says no format. Use ${known}.`,
    `无法从 --out “${out}”的扩展名判断格式。请使用 ${known}。`,
  );
}
