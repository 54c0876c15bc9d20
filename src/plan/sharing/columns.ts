/** A column of layers for each consumer, stage by stage: what cross-stitch, sluice and learned branching have in common. */
import type { Consumer, SharedBlock, StageLayer } from './contract.ts';
import { blockInput, type Wiring } from './wiring.ts';

/** Id of what each consumer's column reads at the beginning. */
export function freshStreams(block: SharedBlock): readonly string[] {
  return block.consumers.map(() => blockInput);
}

/** The layers of one stage for every consumer, each on its own stream. */
export function stageColumns(
  wiring: Wiring,
  consumers: readonly Consumer[],
  streams: readonly string[],
  layers: readonly StageLayer[],
  stage: number,
): readonly string[] {
  return consumers.map(({ id, name }, index) =>
    wiring.stack(
      {
        id: `columns/${id}/${String(stage)}`,
        role: 'column',
        label: name,
        reads: [streams[index] ?? blockInput],
      },
      layers,
    ),
  );
}
