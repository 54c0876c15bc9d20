import { counted } from '../../common/text.ts';
import { runStateTexts } from '../../common/run-state.ts';
import * as path from 'node:path';
import { orderedText } from '../../runs/json.ts';
import { deleteRun, findRuns, glance, prunable, runsIn, type RunEntry } from '../../runs/list.ts';
import { pinRun, writeNotes, type RunNotes } from '../../runs/notes.ts';
import { readIdentity } from '../../runs/reader.ts';
import { fitsFilter } from '../../runs/run-filter.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { existingFolder } from '../places.ts';
import { runDirectory } from '../run-directory.ts';
import { columns } from '../width.ts';

export const verb: Verb = {
  usage: 'runs list [--filter WORDS]|prune --keep N|rename RUN NAME|note RUN TEXT|pin RUN|unpin RUN',
  help: {
    en: 'Lists the runs under this folder, deletes all but the newest of each spec, or says something of a run: a name, a note, a pin (an empty text takes it away).',
    zh: '列出此文件夹下的运行，只保留每个实验描述文件最新的若干次，或为运行命名、备注、固定（空文本即取消）。',
  },
  options: {
    keep: {
      type: 'string',
      value: 'N',
      help: { en: 'how many runs of a spec prune keeps', zh: '每个实验描述文件保留的次数' },
    },
    filter: {
      type: 'string',
      value: 'WORDS',
      help: {
        en: 'list those whose name, note, directory, spec, strategy or state has all these words',
        zh: '只列出名称、备注、目录、描述文件、策略或状态含有所有这些词的运行',
      },
    },
    root: {
      type: 'string',
      value: 'DIR',
      help: { en: 'look there (default: this folder)', zh: '查找的文件夹（默认：当前文件夹）' },
    },
    json: jsonOption,
  },
  words: [1, 3],
  run: runs,
};

/** `mtl runs list` and `mtl runs prune --keep N`. */
function runs(args: Arguments): Promise<number> {
  const action = args.word(0);
  const said = sayings[action];
  if (said !== undefined && Object.hasOwn(sayings, action)) return Promise.resolve(sayOf(args, action, said));
  refuseMoreWords(args, action, 0);
  if (action === 'list') return Promise.resolve(list(args));
  if (action === 'prune') return Promise.resolve(prune(args));
  const asked = plain(action);
  throw new CliError(
    `"mtl runs" takes list, prune, rename, note, pin or unpin, not "${asked}".`,
    `“mtl runs”只有 list、prune、rename、note、pin 和 unpin，没有“${asked}”。`,
  );
}

/** What is said of a run, from the text that was given. */
interface Saying {
  /** Whether a text follows the run. */
  readonly takesText: boolean;
  readonly write: (directory: string, text: string) => RunNotes;
}

const sayings: Readonly<Record<string, Saying>> = {
  rename: { takesText: true, write: (run, name) => writeNotes(run, { name }) },
  note: { takesText: true, write: (run, note) => writeNotes(run, { note }) },
  pin: { takesText: false, write: (run) => pinRun(run, siblingsOf(run)) },
  unpin: { takesText: false, write: (run) => writeNotes(run, { pinned: false }) },
};

/** Runs of the same spec beside a run. */
function siblingsOf(run: string): readonly string[] {
  const { spec } = readIdentity(run);
  return runsIn(path.dirname(run)).filter((other) => other !== run && readIdentity(other).spec === spec);
}

function refuseMoreWords(args: Arguments, action: string, words: number): void {
  if (args.words.length === words + 1) return;
  const wanted = ['', ' RUN', ' RUN TEXT'][words] ?? '';
  throw new CliError(
    `Say it as: mtl runs ${plain(action)}${wanted} (a text of several words in quotes).`,
    `请写作：mtl runs ${plain(action)}${wanted}（含空格的文本请加引号）。`,
  );
}

function sayOf(args: Arguments, action: string, { takesText, write }: Saying): number {
  refuseMoreWords(args, action, takesText ? 2 : 1);
  const directory = runDirectory(args.word(1));
  const notes = write(directory, args.word(2));
  const shown = plain(path.relative('.', directory) || '.');
  const parts = [notes.name ?? '', notes.pinned ? t('pinned', '已固定') : '', notes.note ?? ''];
  printProgress([shown, ...parts.filter((part) => part !== '').map(plain)].join(' · '));
  return 0;
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
  const all = directories(args).map((directory) => glance(directory));
  const entries = all.filter((entry) => fitsFilter(entry, args.text('filter') ?? ''));
  if (args.flag('json')) {
    printResult(orderedText({ v: 1, runs: entries.map(entryJson) }));
    return 0;
  }
  if (all.length > entries.length) {
    const [shown, of] = [entries.length, all.length];
    printProgress(t(`${shown} of ${counted(of, 'run')} fit the filter.`, `${of} 次运行中有 ${shown} 次符合筛选。`));
  }
  if (all.length === 0) {
    printProgress(t('No runs here. "mtl train SPEC" makes one.', '这里没有运行。用“mtl train SPEC”开始训练。'));
    return 0;
  }
  const rows = entries.map((entry) => [
    plain(path.relative('.', entry.directory) || '.'),
    plain(entry.name),
    say(runStateTexts[entry.state]),
    [entry.notes.pinned ? t('pinned', '已固定') : '', plain(entry.notes.note?.split('\n')[0] ?? '')]
      .filter((part) => part !== '')
      .join(' · '),
    entry.problem ? plain(say(entry.problem).split('\n')[0] ?? '') : '',
  ]);
  for (const line of columns(rows, { words: Infinity })) printResult(line);
  return 0;
}

function entryJson(entry: RunEntry): object {
  const { id, name, created, spec, parent, state, problem, result, strategy } = entry;
  const { note, pinned } = entry.notes;
  const directory = path.relative('.', entry.directory).split(path.sep).join('/') || '.';
  return {
    ...{ id, directory, name, note, pinned, created, spec, strategy, parent, state },
    ...{ problem: problem ? say(problem) : null, result },
  };
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
