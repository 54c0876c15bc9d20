/**
 * Learned branching (Guo et al., ICML 2020): a column for each consumer; after every stage each column chooses whose
 * output it goes on with, by a Gumbel-softmax over learned logits that grows sharp in training.
 */
import { freshStreams, stageColumns } from './columns.ts';
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { byConsumer, Wiring } from './wiring.ts';

export function branch(block: SharedBlock<SharingOf<'branch'>>): SharingOutcome {
  const wiring = new Wiring(block);
  const { consumers } = block;
  let streams = freshStreams(block);
  for (const [stage, layers] of block.stages.entries()) {
    const columns = stageColumns(wiring, consumers, streams, layers, stage);
    streams = consumers.map(({ id, name }) =>
      wiring.combine(
        { id: `choices/${String(stage)}/${id}`, role: 'unit', label: name, reads: columns },
        { kind: 'choice' },
        [{ name: 'alpha', shape: [consumers.length], trainable: true }],
      ),
    );
  }
  return wiring.finish(
    'branch',
    byConsumer(consumers, (_, index) => streams[index] ?? ''),
  );
}
