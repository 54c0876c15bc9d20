/**
 * Customized gate control (Tang et al., RecSys 2020): the gate of a consumer chooses among the shared experts and its
 * own, in this order.
 */
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { allLayers, blockInput, byConsumer, refuseIndices, Wiring } from './wiring.ts';

/** @param counts experts of each consumer alone, where they differ from the spec's one number */
export function cgc(block: SharedBlock<SharingOf<'cgc'>>, counts?: readonly number[]): SharingOutcome {
  const mistake = refuseIndices(block);
  if (mistake) return mistake;
  const wiring = new Wiring(block);
  const experts = (id: string, label: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) =>
      wiring.stack(
        { id: `${id}/${String(index)}`, role: 'expert', label: `${label}${String(index)}`, reads: [blockInput] },
        allLayers(block),
      ),
    );
  const shared = experts('experts', '', block.sharing.sharedExperts);
  const outputs = byConsumer(block.consumers, ({ id, name }, index) => {
    const own = experts(`experts/${id}`, `${name} `, counts?.[index] ?? block.sharing.taskExperts);
    const all = [...shared, ...own];
    const gate = wiring.gate({ id: `gates/${id}`, label: name, reads: [blockInput] }, all.length);
    return wiring.mixture({ id: `mixtures/${id}`, label: name, reads: [gate, ...all], drawnWith: gate });
  });
  return wiring.finish('cgc', outputs);
}
