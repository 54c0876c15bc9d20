import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  diagramOf,
  differenceOf,
  lacksSizes,
  makePlan,
  sizesKey,
  withSizes,
  type Diagram,
  type DiagramDifference,
  type Plan,
  type SizesOrigin,
} from '../../plan/index.ts';
import { readSpec } from '../../spec/index.ts';
import { readFrozen, readRunRecord, resolvedText } from '../../runs/frozen.ts';
import { SizesOfRuns } from '../../runs/known-sizes.ts';
import { runsFolder } from '../../runs/layout.ts';
import { runsIn } from '../../runs/list.ts';
import { placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { language, t } from '../language.ts';
import { printData, printProgress } from '../output.ts';
import { placeOf } from '../places.ts';
import { Positions, problemLines } from '../problems.ts';
import { runDirectory } from '../run-directory.ts';
import { checkSpec, isError, readSpecFile, type CheckedSpec } from '../spec-file.ts';

export const verb: Verb = {
  usage: 'diagram SPEC|RUN [--against SPEC|RUN] [--direction TB|LR] [--collapse]',
  help: {
    en: 'Prints the task mapping as Mermaid text, or how that of one spec or run differs from that of another.',
    zh: '输出任务映射图的 Mermaid 文本，或两个实验描述文件或运行之间的差异图。',
  },
  options: {
    against: {
      type: 'string',
      value: 'SPEC|RUN',
      help: {
        en: 'draw both in one picture: + only in the first, − only in this one, ≠ different; the lines that differ are listed beside it',
        zh: '将两者绘于一图：+ 仅在前者中，− 仅在后者中，≠ 两者不同；另列出不同的各行',
      },
    },
    direction: {
      type: 'string',
      value: 'TB|LR',
      help: { en: 'from top to bottom (default) or from left to right', zh: '从上到下（默认）或从左到右' },
    },
    collapse: { type: 'boolean', help: { en: 'draw siblings alike as one', zh: '相同的同级节点合并绘制' } },
    ...placeOptions,
  },
  words: [1, 1],
  run: diagram,
};

/** A spec or a run, as far as it can be drawn. */
interface Drawable {
  readonly name: string;
  readonly plan: Plan | undefined;
  readonly sizes: SizesOrigin;
  /** Something is wrong with it, and has been said. */
  readonly faulty: boolean;
}

/** `mtl diagram`: Mermaid text on stdout, errors on stderr. A spec with errors is still drawn as far as it can be. */
async function diagram(args: Arguments): Promise<number> {
  const options = {
    direction: args.oneOf('direction', ['TB', 'LR']),
    alike: args.flag('collapse') ? { opened: new Set<string>() } : undefined,
  };
  const locale = language() === 'zh' ? 'zh-cn' : 'en';
  const against = args.text('against');
  const first = await drawable(args, args.word(0));
  if (against === undefined) {
    if (first.plan) print(diagramOf(first.plan, locale, { ...options, sizes: first.sizes }));
    return first.faulty ? 1 : 0;
  }
  const second = await drawable(args, against);
  const [a, b] = [whole(first), whole(second)];
  const names = apart(args.word(0), against);
  const drawn = differenceOf({ ...a, name: names[0] }, { ...b, name: names[1] }, locale, options);
  print(drawn);
  if (drawn.difference) for (const line of differenceLines(drawn.difference)) printProgress(line);
  return first.faulty || second.faulty ? 1 : 0;
}

function print(drawn: Diagram): void {
  printData(`${drawn.mermaid.trimEnd()}\n`);
  printProgress(drawn.note);
}

/** Every place where the specs differ, a line each. */
function differenceLines({ counts, lines }: DiagramDifference): readonly string[] {
  const { added, removed, changed } = counts;
  const drawn = added + removed + changed;
  const heading =
    lines.length === 0
      ? t('The two specs say the same.', '两个实验描述文件内容相同。')
      : t('Lines of the specs that differ, in their long form:', '实验描述文件中不同的各行（完整形式）：');
  const none = t('Nothing of the picture differs.', '图中没有不同之处。');
  return [
    ...(drawn === 0 ? [none] : []),
    heading,
    ...lines.map(({ pointer, first, second }) => {
      if (second === null) return `+ ${pointer}: ${first ?? ''}`;
      return first === null ? `− ${pointer}: ${second}` : `≠ ${pointer}: ${second} → ${first}`;
    }),
  ];
}

/** The last parts of two paths, as few as tell them apart; the whole where nothing does. */
function apart(first: string, second: string): readonly [string, string] {
  const [a, b] = [first, second].map((word) => path.resolve(word).split(path.sep));
  for (let count = 1; count < Math.max(a?.length ?? 0, b?.length ?? 0); count++) {
    const [one = '', other = ''] = [a, b].map((parts) => parts?.slice(-count).join('/'));
    if (one !== other) return [one, other];
  }
  return [first, second];
}

/** @throws CliError where nothing of it can be drawn */
function whole({ name, plan, sizes }: Drawable): { readonly plan: Plan; readonly sizes: SizesOrigin } {
  if (plan) return { plan, sizes };
  throw new CliError(
    `"${name}" cannot be drawn, so there is nothing to compare. Mend its errors first.`,
    `“${name}”无法绘制，因此无从比较。请先修正其中的错误。`,
  );
}

async function drawable(args: Arguments, word: string): Promise<Drawable> {
  if (fs.statSync(path.resolve(word), { throwIfNoEntry: false })?.isDirectory()) return drawableRun(word);
  const spec = readSpecFile(word);
  const checked = await checkSpec(spec, placeOf(args, spec.file), 'whole');
  const errors = checked.problems.filter(isError);
  for (const line of problemLines(spec.name, new Positions(spec.text), errors)) printProgress(line);
  return { name: word, ...sized(checked, spec.file), faulty: errors.length > 0 };
}

/** What is frozen with a run, with the sizes that it found. No data are opened: they may be others by now. */
function drawableRun(word: string): Drawable {
  const directory = runDirectory(word);
  const { spec, tree, problems } = readSpec(resolvedText(readFrozen(directory)));
  if (!spec || problems.some(isError)) {
    throw new CliError(
      `The spec that is frozen in the run "${word}" cannot be read by this version.`,
      `当前版本无法读取运行“${word}”中冻结的实验描述文件。`,
    );
  }
  const { plan } = makePlan(spec, tree);
  if (plan === undefined || !lacksSizes(plan)) return { name: word, plan, sizes: { from: 'spec' }, faulty: false };
  const found = new SizesOfRuns().newest([directory], sizesKey(spec));
  if (found === undefined) return { name: word, plan, sizes: { from: 'nowhere', why: 'unread' }, faulty: false };
  const known = makePlan(spec, tree, withSizes(undefined, found.sizes)).plan;
  const sizes: SizesOrigin = { from: 'run', run: readRunRecord(directory).id };
  return { name: word, plan: known ?? plan, sizes, faulty: false };
}

/** The plan with the sizes of its data: of the rows where they were read, else as a run of this spec found them. */
function sized(checked: CheckedSpec, file: string): { readonly plan: Plan | undefined; readonly sizes: SizesOrigin } {
  const { plan, facts, reading } = checked;
  if (plan === undefined || !reading.spec) return { plan, sizes: { from: 'spec' } };
  if (facts?.inputShapes !== undefined) return { plan, sizes: { from: 'rows' } };
  if (!lacksSizes(plan)) return { plan, sizes: { from: 'spec' } };
  const found = new SizesOfRuns().newest(runsIn(runsFolder(file)).toReversed(), sizesKey(reading.spec));
  if (found === undefined) return { plan, sizes: { from: 'nowhere', why: 'unread' } };
  const known = makePlan(reading.spec, reading.tree, withSizes(facts, found.sizes)).plan;
  return { plan: known ?? plan, sizes: { from: 'run', run: path.basename(found.directory) } };
}
