/**
 * Soft sharing (Duong et al., ACL 2015): a copy of the layers for each consumer, drawn together by λ Σ_{i<j} ‖θ_i − θ_j‖².
 * The penalty acts after the tasks' gradients (conventions 1.1); nothing is shared in the sense of conventions 1.3.
 */
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { allLayers, blockInput, byConsumer, Wiring } from './wiring.ts';

export function soft(block: SharedBlock<SharingOf<'soft'>>): SharingOutcome {
  const wiring = new Wiring(block);
  const layers = allLayers(block);
  const outputs = byConsumer(block.consumers, ({ id, name }) =>
    wiring.stack({ id: `copies/${id}`, role: 'column', label: name, reads: [blockInput] }, layers),
  );
  const ties = layers.map((_, index) => block.consumers.map(({ id }) => `${block.name}/copies/${id}/${String(index)}`));
  return wiring.finish('soft', outputs, { strength: block.sharing.strength, layers: ties });
}
