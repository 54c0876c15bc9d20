/**
 * Cross-stitch units (Misra et al., CVPR 2016): a column for each consumer; after every stage x̃_i = Σ_j α_ij x_j.
 * `init` is α_ii, the others share 1 − init. The rows of one stage are parameters of their own, so that the last row of
 * a consumer is its alone.
 */
import { freshStreams, stageColumns } from './columns.ts';
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { byConsumer, Wiring } from './wiring.ts';

export function crossStitch(block: SharedBlock<SharingOf<'cross-stitch'>>): SharingOutcome {
  const wiring = new Wiring(block);
  const { consumers } = block;
  let streams = freshStreams(block);
  for (const [stage, layers] of block.stages.entries()) {
    const columns = stageColumns(wiring, consumers, streams, layers, stage);
    streams = consumers.map(({ id, name }, row) =>
      wiring.combine(
        { id: `units/${String(stage)}/${id}`, role: 'unit', label: name, reads: columns },
        { kind: 'stitch', first: firstRow(consumers.length, row, block.sharing.init) },
        [{ name: 'kernel', shape: [consumers.length, 1], trainable: true }],
      ),
    );
  }
  return wiring.finish(
    'cross-stitch',
    byConsumer(consumers, (_, index) => streams[index] ?? ''),
  );
}

/** A column alone keeps its numbers as they are. */
function firstRow(count: number, own: number, init: number): readonly number[] {
  if (count === 1) return [1];
  return Array.from({ length: count }, (_, index) => (index === own ? init : (1 - init) / (count - 1)));
}
