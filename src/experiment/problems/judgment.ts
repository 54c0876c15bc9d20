/** Whether the design can find what it looks for, and whether it can be paid. */
import { counted, type Text, text } from '../../common/text.ts';
import type { Expansion, Stage } from '../contract.ts';
import { overBudget, type Estimate } from '../estimate.ts';
import { comparingStage, pilot, powerOf, type PowerReport } from '../power.ts';
import { at, type Context } from './context.ts';

export function checkPower(context: Context, expansion: Expansion): void {
  const { design, report } = context;
  const stage = comparingStage(design);
  const power = powerOf(design, expansion);
  if (stage === undefined || power === null || power.effective >= power.target) return;
  const isPilot = power.n <= pilot;
  const found = foundText(power);
  const message = isPilot
    ? text(`This is a pilot: ${found.en}${enoughText(power).en}`, `这只是预试验：${found.zh}${enoughText(power).zh}`)
    : text(`${capital(found.en)}${enoughText(power).en}`, `${found.zh}${enoughText(power).zh}`);
  const place = placeOf(context, stage);
  const { needed } = power;
  report.information(isPilot ? 'pilot' : 'low-power', place.pointer, message, {
    fixes: needed === null ? [] : place.fix(needed),
  });
}

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;

function foundText({ n, tasks, comparisons, power, effective, overlap, paired, family }: PowerReport): Text {
  const overlapping =
    overlap === 0
      ? text('', '')
      : text(
          `; since their training sets overlap, ${percent(effective)} is what the verdicts have`,
          `；由于各次训练集相互重叠，结论实际只有 ${percent(effective)}`,
        );
  const correction =
    family === 'all' ? text(', each by itself', '各自检验') : text(" under Holm's correction", '经 Holm 校正');
  const each = paired ? text('', '') : text(' of each arm, unpaired,', '（每组，非配对）');
  return text(
    `with ${counted(tasks, 'task')} and ${counted(comparisons, 'comparison')}${correction.en}, ${counted(n, 'seed')}${each.en} ${n === 1 ? 'sees' : 'see'} a difference of one standard deviation ${percent(power)} of the time${overlapping.en}.`,
    `${String(tasks)} 个任务、${String(comparisons)} 项比较${correction.zh}后，${String(n)} 个种子${each.zh}发现 1 个标准差差异的概率为 ${percent(power)}${overlapping.zh}。`,
  );
}

function enoughText({ needed, target, overlap }: PowerReport): Text {
  if (needed !== null) {
    return text(
      ` For ${percent(target)} it takes ${String(needed)}.`,
      `要达到 ${percent(target)} 需要 ${String(needed)} 个。`,
    );
  }
  if (overlap === 0) return text('', '');
  return text(
    ` No number of seeds comes to ${percent(target)}: look for larger differences, or hold the split ("hold": ["split"]), and the verdicts hold for that split.`,
    `再多种子也达不到 ${percent(target)}：请寻找更大的差异，或固定划分（"hold": ["split"]），此时结论只针对该划分。`,
  );
}

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Where the number of seeds stands, and how it is changed. */
function placeOf(
  { experiment, report }: Context,
  stage: Stage,
): { readonly pointer: string; readonly fix: (n: number) => readonly ReturnType<Context['report']['fix']>[] } {
  const own =
    stage.pointer === null ? undefined : experiment.stages[Number(stage.pointer.split('/').at(-1))]?.replicates;
  const list = own === undefined ? at('replicates') : `${stage.pointer ?? ''}/replicates`;
  const written = report.writtenKeys(list);
  const pointer = written === undefined ? at() : written.includes('n') ? `${list}/n` : list;
  const fix = (n: number) => {
    const title = text(`Take ${String(n)} seeds`, `使用 ${String(n)} 个种子`);
    const edit = written?.includes('n')
      ? report.replaceValue(`${list}/n`, String(n))
      : (report.replaceValue(list, String(n)) ?? report.setProperties(at(), [['replicates', String(n)]]));
    // A list of seeds would have to name the new ones.
    return Array.isArray(stage.replicates?.seeds) ? [] : [report.fix(title, edit)];
  };
  return { pointer, fix };
}

export function checkBudget({ design, report }: Context, estimate: Estimate): void {
  const over = overBudget(design, estimate);
  if (over === 'runs') {
    const allowed = String(design.experiment.budget.runs);
    report.error(
      'over-budget',
      at('budget', 'runs'),
      text(
        `The plan comes to ${counted(estimate.runs, 'run')}, the budget allows ${allowed}. Raise it, or plan fewer: nothing is started and left half done.`,
        `计划共 ${String(estimate.runs)} 次运行，超过预算 ${allowed}。请提高预算或减少计划：不会启动后半途而废。`,
      ),
      {
        fixes: [
          report.fix(
            text(`Allow ${counted(estimate.runs, 'run')}`, `允许 ${String(estimate.runs)} 次运行`),
            report.replaceValue(at('budget', 'runs'), String(estimate.runs)),
          ),
        ],
      },
    );
  }
  if (over === 'hours') {
    const hours = Number(((estimate.seconds ?? 0) / 3600).toPrecision(2));
    report.warning(
      'over-budget',
      at('budget', 'hours'),
      text(
        `At the speed measured here the plan takes about ${String(hours)} h, the budget allows ${String(design.experiment.budget.hours)}. What is not done by then is not started.`,
        `按本机测得的速度，计划约需 ${String(hours)} 小时，预算为 ${String(design.experiment.budget.hours)} 小时。届时未完成的运行不会启动。`,
      ),
    );
  }
}
