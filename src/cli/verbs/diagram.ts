import { diagramOf } from '../../plan/index.ts';
import { placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { language } from '../language.ts';
import { printData, printProgress } from '../output.ts';
import { placeOf } from '../places.ts';
import { Positions, problemLines } from '../problems.ts';
import { checkSpec, isError, readSpecFile } from '../spec-file.ts';

export const verb: Verb = {
  usage: 'diagram SPEC',
  help: { en: 'Prints the task mapping as Mermaid text.', zh: '输出任务映射图的 Mermaid 文本。' },
  options: placeOptions,
  words: [1, 1],
  run: diagram,
};

/** `mtl diagram`: Mermaid text on stdout, errors on stderr. A spec with errors is still drawn as far as it can be. */
async function diagram(args: Arguments): Promise<number> {
  const spec = readSpecFile(args.word(0));
  const { plan, problems } = await checkSpec(spec, placeOf(args, spec.file), 'whole');
  const errors = problems.filter(isError);
  for (const line of problemLines(spec.name, new Positions(spec.text), errors)) printProgress(line);
  if (plan) printData(`${diagramOf(plan, language() === 'zh' ? 'zh-cn' : 'en').mermaid.trimEnd()}\n`);
  return errors.length > 0 ? 1 : 0;
}
