import { counted } from '../../common/text.ts';
import { runStateTexts } from '../../common/run-state.ts';
import * as path from 'node:path';
import { orderedText } from '../../runs/json.ts';
import { deleteRun, findRuns, glance, prunable, runsIn, type RunEntry } from '../../runs/list.ts';
import { readIdentity } from '../../runs/reader.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { existingFolder } from '../places.ts';
import { columns } from '../width.ts';

export const verb: Verb = {
  usage: 'runs list|prune --keep N',
  help: {
    en: 'Lists the runs under this folder, or deletes all but the newest of each spec.',
    zh: '列出此文件夹下的运行，或只保留每个实验描述文件最新的若干次。',
  },
  options: {
    keep: {
      type: 'string',
      value: 'N',
      help: { en: 'how many runs of a spec prune keeps', zh: '每个实验描述文件保留的次数' },
    },
    root: {
      type: 'string',
      value: 'DIR',
      help: { en: 'look there (default: this folder)', zh: '查找的文件夹（默认：当前文件夹）' },
    },
    json: jsonOption,
  },
  words: [1, 1],
  run: runs,
};

/** `mtl runs list` and `mtl runs prune --keep N`. */
function runs(args: Arguments): Promise<number> {
  const action = args.word(0);
  if (action === 'list') return Promise.resolve(list(args));
  if (action === 'prune') return Promise.resolve(prune(args));
  const asked = plain(action);
  throw new CliError(
    `"mtl runs" takes list or prune, not "${asked}".`,
    `“mtl runs”只有 list 和 prune，没有“${asked}”。`,
  );
}

/** All runs under the folder, and the folder's own children when it holds runs itself. */
function directories(args: Arguments): readonly string[] {
  const root = existingFolder(args.text('root') ?? '.');
  const links = new Set<string>();
  const passOver = (link: string): void => void links.add(path.relative('.', link) || '.');
  const found = new Set([...runsIn(root, passOver), ...findRuns(root, passOver)]);
  for (const link of links) {
    const name = plain(link);
    printProgress(
      t(
        `${name} is a link and is not followed. To see the runs there, give --root the folder that holds them.`,
        `${name} 是链接，不会跟随。如需查看其中的运行，请用 --root 指定其所在的文件夹。`,
      ),
    );
  }
  return [...found];
}

function list(args: Arguments): number {
  const entries = directories(args).map((directory) => glance(directory));
  if (args.flag('json')) {
    printResult(orderedText({ v: 1, runs: entries.map(entryJson) }));
    return 0;
  }
  if (entries.length === 0) {
    printProgress(t('No runs here. "mtl train SPEC" makes one.', '这里没有运行。用“mtl train SPEC”开始训练。'));
    return 0;
  }
  const rows = entries.map((entry) => [
    plain(path.relative('.', entry.directory) || '.'),
    plain(entry.name),
    say(runStateTexts[entry.state]),
    entry.problem ? plain(say(entry.problem).split('\n')[0] ?? '') : '',
  ]);
  for (const line of columns(rows, { words: Infinity })) printResult(line);
  return 0;
}

function entryJson(entry: RunEntry): object {
  const { id, name, created, spec, parent, state, problem, result } = entry;
  const directory = path.relative('.', entry.directory).split(path.sep).join('/') || '.';
  return { id, directory, name, created, spec, parent, state, problem: problem ? say(problem) : null, result };
}

function prune(args: Arguments): number {
  const keep = args.count('keep');
  if (keep === undefined) {
    throw new CliError(
      'Say how many runs of each spec to keep: mtl runs prune --keep N.',
      '请指定每个实验描述文件保留的次数：mtl runs prune --keep N。',
    );
  }
  let deleted = 0;
  const all = directories(args);
  for (const entry of prunable(all, keep)) {
    if (!deleteRun(entry.directory)) continue;
    deleted++;
    printResult(plain(path.relative('.', entry.directory)));
  }
  printProgress(t(`${counted(deleted, 'run')} deleted`, `已删除 ${deleted} 次运行`));
  const kept = all.filter((directory) => readIdentity(directory).parent !== null).length;
  if (kept > 0) {
    printProgress(
      t(
        `${counted(kept, 'run belongs', 'runs belong')} to experiments and ${kept === 1 ? 'stays' : 'stay'}; delete the directory of an experiment to remove it as a whole.`,
        `${kept} 次运行属于实验，予以保留；如需移除整个实验，请删除其目录。`,
      ),
    );
  }
  return 0;
}
