import * as fs from 'node:fs';
import * as path from 'node:path';
import { readRunRecord } from '../../runs/frozen.ts';
import { orderedText } from '../../runs/json.ts';
import { runsFolder } from '../../runs/layout.ts';
import { runsIn } from '../../runs/list.ts';
import { methods, type Refusal, type Suggestion } from '../../trainer/suggest/suggestion.ts';
import { jsonOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { assetsFolder, placeOf } from '../places.ts';
import { countText, Positions, problemLines } from '../problems.ts';
import { runDirectory } from '../run-directory.ts';
import { checkSpec, isError, readSpecFile } from '../spec-file.ts';
import { columns } from '../width.ts';
import { loadWorker } from '../worker-bundle.ts';

export const verb: Verb = {
  loadsEngine: true,
  usage: `suggest SPEC [--by ${methods.join('|')}] [--json]`,
  help: {
    en: 'Suggests task weights, each with its numbers; without --by all methods. Nothing is changed.',
    zh: '建议任务权重并给出依据；不加 --by 时列出全部方法。不修改任何文件。',
  },
  options: {
    by: {
      type: 'string',
      value: 'METHOD',
      help: {
        en: 'complexity, data, performance (of the last run) or initial-loss',
        zh: 'complexity、data、performance（取自最近一次运行）或 initial-loss',
      },
    },
    power: { type: 'string', value: 'P', help: { en: 'data: w ∝ n^P (default 1)', zh: 'data：w ∝ n^P（默认 1）' } },
    batches: {
      type: 'string',
      value: 'N',
      help: {
        en: 'initial-loss: mean loss of the first N batches at initialization (20, say) instead of the best constant’s',
        zh: 'initial-loss：改用初始化时前 N 批（如 20）的平均损失，而非最佳常数的损失',
      },
    },
    run: { type: 'string', value: 'RUN', help: { en: 'performance: of this run', zh: 'performance：取自此运行' } },
    split: {
      type: 'string',
      value: 'train|validation',
      help: { en: 'performance: on which split (default train)', zh: 'performance：取自哪个划分（默认 train）' },
    },
    json: jsonOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: suggest,
};

/** `mtl suggest`: weights to start from, with the numbers behind them. Nothing is trained and nothing is changed. */
async function suggest(args: Arguments): Promise<number> {
  const by = args.oneOf('by', methods);
  const split = args.oneOf('split', ['train', 'validation']);
  const power = powerOf(args);
  const batches = args.count('batches', 1);
  const spec = readSpecFile(args.word(0));
  const place = placeOf(args, spec.file);
  const { reading, problems } = await checkSpec(spec, place, 'header');
  for (const line of problemLines(spec.name, new Positions(spec.text), problems)) printProgress(line);
  if (!reading.spec || problems.some(isError)) {
    const count = countText(problems);
    throw new CliError(
      `${spec.name} has no weights to suggest for: ${count}.`,
      `无法为 ${spec.name} 建议权重：${count}。`,
    );
  }
  const named = args.text('run');
  const worker = loadWorker();
  const found = await worker.suggest(
    reading.spec,
    { ...place, specFile: spec.file },
    {
      run: named === undefined ? lastRun(spec.file) : runDirectory(named),
      assetsDirectory: assetsFolder(),
      ...(by === undefined ? {} : { by }),
      ...(split === undefined ? {} : { split }),
      ...(power === undefined ? {} : { power }),
      ...(batches === undefined ? {} : { batches }),
    },
  );
  const note = say(worker.suggestionNote);
  const [only] = found;
  if (by !== undefined && only && isRefusal(only)) throw new CliError(only.refused.en, only.refused.zh, 1);
  if (args.flag('json')) printResult(jsonText(found, by !== undefined, note));
  else printForPeople(found, note);
  return 0;
}

/** p of `--by data`. @throws CliError when it is no positive number */
function powerOf(args: Arguments): number | undefined {
  const text = args.text('power');
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new CliError(`--power takes a number above 0, not "${text}".`, `--power 需要大于 0 的数，不能是“${text}”。`);
}

/** The newest run of this spec in `.mtl/runs` beside it. */
function lastRun(specFile: string): string | null {
  // Names begin with the time, so the last is the newest.
  const newestFirst = runsIn(runsFolder(specFile)).toReversed();
  return newestFirst.find((directory) => isOf(directory, specFile)) ?? null;
}

function isOf(directory: string, specFile: string): boolean {
  try {
    if (path.posix.basename(readRunRecord(directory).spec) !== path.basename(specFile)) return false;
    return fs.existsSync(path.join(directory, 'events.ndjson'));
  } catch {
    // A damaged run is nobody's last run.
    return false;
  }
}

function isRefusal(one: Suggestion | Refusal): one is Refusal {
  return 'refused' in one;
}

function jsonText(found: readonly (Suggestion | Refusal)[], single: boolean, note: string): string {
  const [first] = found;
  if (single && first && !isRefusal(first)) return orderedText({ v: 1, ...suggestionJson(first), note });
  const suggestions = found.map((one) =>
    isRefusal(one) ? { by: one.by, refused: say(one.refused) } : suggestionJson(one),
  );
  return orderedText({ v: 1, suggestions, note });
}

function suggestionJson({ by, formula, details, warnings }: Suggestion): object {
  return {
    by,
    formula,
    // A Map keeps the order of names such as "10" and "2".
    weights: new Map(details.map(({ task, weight }) => [task, weight])),
    details: details.map(({ task, weight, numbers, text }) => ({
      task,
      weight,
      ...Object.fromEntries(numbers),
      text: say(text),
    })),
    warnings: warnings.map(say),
  };
}

function printForPeople(found: readonly (Suggestion | Refusal)[], note: string): void {
  for (const one of found) {
    if (isRefusal(one)) {
      printResult(`${one.by}${t(': ', '：')}${plain(say(one.refused))}`);
      continue;
    }
    printResult(`${one.by}${t(': ', '：')}${one.formula}`);
    const rows = one.details.map(({ task, weight, text }) => [
      `  ${plain(task)}`,
      String(weight),
      // The weight stands in its own column.
      say(text).replace(/ → [^→]*$/, ''),
    ]);
    for (const line of columns([[`  ${t('task', '任务')}`, t('weight', '权重'), t('from', '依据')], ...rows], {
      words: Infinity,
    })) {
      printResult(line);
    }
    for (const warning of one.warnings) printResult(`  ${t('warning: ', '警告：')}${plain(say(warning))}`);
  }
  printResult(note);
}
