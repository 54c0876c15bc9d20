/** Trainings that the machine or the engine cannot hold, told before anything is built. */
import { text, type Text } from '../../common/text.ts';
import { sizeText } from '../../common/size.ts';
import { maxParameters, optimizerMemory } from '../../spec/index.ts';
import {
  engineOn,
  estimateMemory,
  heapLimit,
  judgeMemory,
  nearShare,
  type Machine,
  type MemoryEstimate,
  type MemoryVerdict,
} from '../memory.ts';
import type { Plan, PlanLayer } from '../plan.ts';
import type { Context } from './context.ts';

/** A run that does not fit, or hardly. */
export interface MemoryProblem {
  readonly verdict: Exclude<MemoryVerdict, 'fits'>;
  readonly pointer: string;
  readonly message: Text;
}

export function checkMemory({ plan, spec, report, table, mistakes, machine }: Context): void {
  // What is no network yet, or far beyond any machine, is told elsewhere.
  const { total } = plan.parameters;
  if (machine === undefined || mistakes.length > 0 || (total ?? 0) > maxParameters) return;
  const found = memoryProblem(plan, machine, table.facts?.trainRows);
  if (found === null) return;
  const { verdict, pointer, message } = found;
  // Another machine, or another engine, may hold what this one cannot: the spec is wrong only where it names the engine.
  if (verdict === 'near') report.warning('memory-near', pointer, message);
  else if (verdict === 'beyond-engine' && spec.training.engine === 'wasm') report.error('memory', pointer, message);
  else report.warning('memory', pointer, message);
}

/** Null where it fits. */
export function memoryProblem(plan: Plan, machine: Machine, rows?: number): MemoryProblem | null {
  const estimate = estimateMemory(plan, engineOn(plan, machine), rows);
  const verdict = judgeMemory(estimate, machine);
  if (verdict === 'fits') return null;
  const layer = largestLayer(plan);
  const byBatch = estimate.activations > estimate.process.likely / 2;
  const [why, advice] = [reasonOf(verdict, estimate, machine), adviceOf(plan, estimate, byBatch, layer)];
  return {
    verdict,
    pointer: byBatch || layer === undefined ? '/training/batchSize' : layer.pointer,
    message: text(`${why.en} ${advice.en}`, `${why.zh}${advice.zh}`),
  };
}

function reasonOf(verdict: MemoryProblem['verdict'], estimate: MemoryEstimate, machine: Machine): Text {
  const { heap, process } = estimate;
  if (verdict === 'beyond-engine') {
    const [least, most] = [sizeText(heap?.least ?? 0), sizeText(heapLimit)];
    return text(
      `This run needs at least ${least} in the embedded engine, which can hold ${most}.`,
      `此训练在内置引擎中至少需要 ${least} 内存，而该引擎最多可用 ${most}。`,
    );
  }
  if (verdict === 'beyond-machine') {
    const [least, total] = [sizeText(process.least), sizeText(machine.total)];
    return text(
      `This run needs at least ${least} of memory, and this machine has ${total}.`,
      `此训练至少需要 ${least} 内存，而本机共有 ${total}。`,
    );
  }
  if (process.likely > machine.available || heap === null || heap.likely <= nearShare * heapLimit) {
    const [likely, free] = [sizeText(process.likely), sizeText(machine.available)];
    return text(
      `This run may take about ${likely} of memory, and ${free} are free here.`,
      `此训练可能占用约 ${likely} 内存，而本机可用 ${free}。`,
    );
  }
  const [likely, most] = [sizeText(heap.likely), sizeText(heapLimit)];
  return text(
    `This run may take about ${likely} in the embedded engine, which can hold ${most}.`,
    `此训练在内置引擎中可能占用约 ${likely} 内存，而该引擎最多可用 ${most}。`,
  );
}

/** What to change, the most useful first. */
function adviceOf(plan: Plan, { engine, heap }: MemoryEstimate, byBatch: boolean, layer: PlanLayer | undefined): Text {
  const { optimizer } = plan.spec.training;
  const [count, total] = [String(layer?.parameters ?? 0), String(plan.parameters.total ?? 0)];
  const batch = text('lower batchSize', '减小 batchSize');
  const layers = text(
    `make the layers smaller (${count} of ${total} parameters are here)`,
    `缩小各层（${total} 个参数中此处占 ${count} 个）`,
  );
  const ways = [
    ...(byBatch ? [batch, layers] : [layers, batch]),
    ...(optimizerMemory(optimizer).slots === 0 ? [] : [text('take the optimizer "sgd"', '改用优化器 "sgd"')]),
    ...(engine === 'wasm' && heap !== null && heap.likely > nearShare * heapLimit
      ? [text('take the native engine ("mtl runtime install")', '改用原生引擎（“mtl runtime install”）')]
      : []),
    ...(engine === 'native' ? [text('take the embedded engine ("wasm")', '改用内置引擎（"wasm"）')] : []),
  ];
  const [first, ...others] = ways;
  const en = [first?.en ?? '', ...others.map((way) => way.en)];
  const sentence = `${en.slice(0, -1).join(', ')} or ${en.at(-1) ?? ''}`;
  return text(
    `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    `请${ways.map((way) => way.zh).join('、')}（任选其一）。`,
  );
}

function largestLayer({ blocks, tasks }: Plan): PlanLayer | undefined {
  const layers = [
    ...[...blocks.values()].flatMap((block) => block.layers),
    ...[...tasks.values()].flatMap((task) => [...task.layers, task.head]),
  ];
  return layers.reduce<PlanLayer | undefined>(
    (most, layer) => ((layer.parameters ?? 0) > (most?.parameters ?? 0) ? layer : most),
    undefined,
  );
}
