/** Multi-gate mixture of experts (Ma et al., KDD 2018): f_k(x) = Σ_e softmax(W_k x)_e · E_e(x). */
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { allLayers, blockInput, byConsumer, refuseIndices, Wiring } from './wiring.ts';

export function mmoe(block: SharedBlock<SharingOf<'mmoe'>>): SharingOutcome {
  const mistake = refuseIndices(block);
  if (mistake) return mistake;
  const wiring = new Wiring(block);
  const experts = Array.from({ length: block.sharing.experts }, (_, index) =>
    wiring.stack(
      { id: `experts/${String(index)}`, role: 'expert', label: String(index), reads: [blockInput] },
      allLayers(block),
    ),
  );
  const outputs = byConsumer(block.consumers, ({ id, name }) => {
    const gate = wiring.gate({ id: `gates/${id}`, label: name, reads: [blockInput] }, experts.length);
    return wiring.mixture({ id: `mixtures/${id}`, label: name, reads: [gate, ...experts], drawnWith: gate });
  });
  return wiring.finish('mmoe', outputs);
}
