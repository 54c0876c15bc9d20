/**
 * Sluice network (Ruder et al., AAAI 2019): columns whose last axis is cut into two subspaces; after every stage each
 * subspace becomes a learned sum of all columns' subspaces (α); where all stages give the same shape, a consumer reads a
 * learned sum of its column's stages (β), else the last one. Starts: α .9 for itself and the rest shared evenly, β all
 * on the last stage. The paper's orthogonality penalty between the subspaces, a regularizer with a factor of its own,
 * is left out.
 */
import { formatShape } from '../layers/sizes.ts';
import type { Shape } from '../plan.ts';
import { freshStreams, stageColumns } from './columns.ts';
import type { SharedBlock, SharingMistake, SharingOf, SharingOutcome } from './contract.ts';
import { byConsumer, Wiring } from './wiring.ts';

const own = 0.9;

export function sluice(block: SharedBlock<SharingOf<'sluice'>>): SharingOutcome {
  const wiring = new Wiring(block);
  const { consumers } = block;
  const history: (readonly string[])[] = [];
  let streams = freshStreams(block);
  for (const [stage, layers] of block.stages.entries()) {
    const columns = stageColumns(wiring, consumers, streams, layers, stage);
    const shape = wiring.shapeOf(columns[0] ?? '');
    if (columns.length > 0 && (shape.at(-1) ?? 0) % 2 === 1) return odd(block.name, stage, shape);
    streams = consumers.map(({ id, name }, row) =>
      wiring.combine(
        { id: `units/${String(stage)}/${id}`, role: 'unit', label: name, reads: columns },
        { kind: 'subspaces', first: firstFactors(consumers.length, row) },
        [{ name: 'kernel', shape: [2 * consumers.length, 2], trainable: true }],
      ),
    );
    history.push(streams);
  }
  const same = new Set(history.map((ids) => formatShape(wiring.shapeOf(ids[0] ?? '')))).size === 1;
  const skips = history.length > 1 && same;
  return wiring.finish(
    'sluice',
    byConsumer(consumers, ({ id, name }, index) => {
      const stages = history.map((ids) => ids[index] ?? '');
      if (!skips) return stages.at(-1) ?? '';
      return wiring.combine(
        { id: `outputs/${id}`, role: 'unit', label: name, reads: stages },
        { kind: 'stitch', first: stages.map((_, stage) => (stage === stages.length - 1 ? 1 : 0)) },
        [{ name: 'kernel', shape: [stages.length, 1], trainable: true }],
      );
    }),
  );
}

/** [2n, 2], row by row: half h of the result takes `own` of its own column's half h and a share of all others. */
function firstFactors(count: number, row: number): readonly number[] {
  const others = 2 * count - 1;
  return Array.from({ length: 4 * count }, (_, index) => {
    const [from, to] = [Math.floor(index / 2), index % 2];
    return from === 2 * row + to ? own : (1 - own) / others;
  });
}

function odd(name: string, stage: number, shape: Shape): SharingMistake {
  return {
    code: 'sharing-shape',
    message: {
      en: `A sluice cuts the last axis into two halves, but stage ${String(stage)} of "${name}" gives ${formatShape(shape)}. Give its last layer an even number of units.`,
      zh: `sluice 会把最后一轴分成两半，但 “${name}” 第 ${String(stage)} 阶段的输出为 ${formatShape(shape)}。请让其最后一层的单元数为偶数。`,
    },
  };
}
