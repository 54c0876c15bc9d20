import { sizeText } from '../../common/size.ts';
import { engineOn, estimateMemory, formatShape, heapLimit, sizesOf, type Plan } from '../../plan/index.ts';
import { orderedText } from '../../runs/json.ts';
import { thisMachine } from '../../runtime/machine.ts';
import { explain } from '../../spec/index.ts';
import { checkWithExperiment } from '../experiments/read.ts';
import { jsonOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { language, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { placeOf } from '../places.ts';
import { countText, Positions, problemJson, problemLines } from '../problems.ts';
import { isError, readSpecFile, type CheckedSpec, type SpecFile } from '../spec-file.ts';
import { columns } from '../width.ts';

export const verb: Verb = {
  usage: 'check SPEC [--json] [--explain]',
  help: {
    en: 'Says everything that is wrong with a spec, with line and column.',
    zh: '列出实验描述文件中的全部问题及其行列。',
  },
  options: {
    json: jsonOption,
    explain: {
      type: 'boolean',
      help: { en: 'every default filled in, shapes, parameters', zh: '显示全部默认值、形状与参数量' },
    },
    ...placeOptions,
  },
  words: [1, 1],
  run: check,
};

/** `mtl check`: exit 0 without errors, 1 with, 2 when there is no such file. */
async function check(args: Arguments): Promise<number> {
  const spec = readSpecFile(args.word(0));
  const checked = await checkWithExperiment(spec, placeOf(args, spec.file));
  if (args.flag('json')) printResult(checkJson(spec, checked));
  else printForPeople(spec, checked, args.flag('explain'));
  return checked.problems.some(isError) ? 1 : 0;
}

function checkJson(spec: SpecFile, { plan, facts, problems }: CheckedSpec): string {
  const positions = new Positions(spec.text);
  return orderedText({
    v: 1,
    file: spec.name,
    problems: problems.map((problem) => problemJson(positions, problem)),
    plan: plan ? planJson(plan) : null,
    // What only the rows tell; null where they were not read.
    sizes: sizesOf(facts) ?? null,
  });
}

/** Maps throughout: a block may be called "10". */
function planJson({ parameters, blocks }: Plan): object {
  const shapes = [...blocks].map(([name, block]) => {
    const { outputShape: shape, shared } = block;
    return [name, { shape, parameters: block.parameters, shared }] as const;
  });
  return { parameters, blocks: new Map(shapes) };
}

function printForPeople(spec: SpecFile, checked: CheckedSpec, explained: boolean): void {
  const { reading, plan, problems } = checked;
  for (const line of problemLines(spec.name, new Positions(spec.text), problems)) printResult(line);
  if (explained && reading.spec) {
    printResult(explain(reading.spec, language()));
    if (checked.format) printResult(checked.format[language()]);
    if (plan) for (const line of [...planLines(plan), ...memoryLines(plan)]) printResult(line);
  }
  printProgress(countText(problems));
}

/** Shapes and parameters of every input, block and task. */
function planLines({ inputs, blocks, tasks, parameters }: Plan): readonly string[] {
  const rows = [
    [t('name', '名称'), t('shape', '形状'), t('parameters', '参数量'), ''],
    ...[...inputs.values()].map(({ name, shape }) => [plain(name), formatShape(shape), '', t('input', '输入')]),
    ...[...blocks.values()].map((block) => [
      plain(block.name),
      formatShape(block.outputShape),
      countOf(block.parameters),
      block.shared ? t('shared', '共享') : t('block', '模块'),
    ]),
    ...[...tasks.values()].map((task) => [
      plain(task.name),
      formatShape(task.outputShape),
      countOf(task.parameters),
      t('task', '任务'),
    ]),
    [t('total', '总计'), '', countOf(parameters.total), `${t('shared', '共享')} ${countOf(parameters.shared)}`],
  ];
  return columns(rows);
}

/** What a run would take here; nothing while sizes are unknown. */
function memoryLines(plan: Plan): readonly string[] {
  if (plan.parameters.total === null) return [];
  const machine = thisMachine();
  const { engine, process, heap } = estimateMemory(plan, engineOn(plan, machine));
  const [likely, free] = [sizeText(process.likely), sizeText(machine.available)];
  const name = engine === 'wasm' ? t('embedded engine', '内置引擎') : t('native engine', '原生引擎');
  const inside = heap === null ? '' : sizeText(heap.likely);
  const within = t(
    `, ${inside} of ${sizeText(heapLimit)} in the engine`,
    `，其中引擎内 ${inside}，上限 ${sizeText(heapLimit)}`,
  );
  return [
    t(
      `memory, beside the data: about ${likely} on the ${name}${heap === null ? '' : within}; ${free} are free here`,
      `内存（数据除外）：${name}约 ${likely}${heap === null ? '' : within}；本机可用 ${free}`,
    ),
  ];
}

function countOf(parameters: number | null): string {
  return parameters === null ? '?' : String(parameters);
}
