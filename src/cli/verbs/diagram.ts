import * as path from 'node:path';
import { diagramOf, lacksSizes, makePlan, sizesKey, withSizes, type Plan, type SizesOrigin } from '../../plan/index.ts';
import { SizesOfRuns } from '../../runs/known-sizes.ts';
import { runsFolder } from '../../runs/layout.ts';
import { runsIn } from '../../runs/list.ts';
import { placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { language } from '../language.ts';
import { printData, printProgress } from '../output.ts';
import { placeOf } from '../places.ts';
import { Positions, problemLines } from '../problems.ts';
import { checkSpec, isError, readSpecFile, type CheckedSpec } from '../spec-file.ts';

export const verb: Verb = {
  usage: 'diagram SPEC [--direction TB|LR] [--collapse]',
  help: { en: 'Prints the task mapping as Mermaid text.', zh: '输出任务映射图的 Mermaid 文本。' },
  options: {
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

/** `mtl diagram`: Mermaid text on stdout, errors on stderr. A spec with errors is still drawn as far as it can be. */
async function diagram(args: Arguments): Promise<number> {
  const spec = readSpecFile(args.word(0));
  const direction = args.oneOf('direction', ['TB', 'LR']);
  const checked = await checkSpec(spec, placeOf(args, spec.file), 'whole');
  const { problems } = checked;
  const { plan, sizes } = sized(checked, spec.file);
  const errors = problems.filter(isError);
  for (const line of problemLines(spec.name, new Positions(spec.text), errors)) printProgress(line);
  if (plan) {
    const alike = args.flag('collapse') ? { opened: new Set<string>() } : undefined;
    const drawn = diagramOf(plan, language() === 'zh' ? 'zh-cn' : 'en', { direction, alike, sizes });
    printData(`${drawn.mermaid.trimEnd()}\n`);
    printProgress(drawn.note);
  }
  return errors.length > 0 ? 1 : 0;
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
