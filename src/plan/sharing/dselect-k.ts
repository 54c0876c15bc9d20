/**
 * DSelect-k (Hazimeh et al., NeurIPS 2021): the gate of a consumer selects at most k experts. Each of its k selectors
 * spells the binary number of an expert with smooth steps of width γ; the selectors are weighed by a softmax.
 */
import type { SharedBlock, SharingOf, SharingOutcome } from './contract.ts';
import { allLayers, blockInput, byConsumer, refuseIndices, sizeOf, Wiring } from './wiring.ts';

/** @param given binary number of each expert, most significant bit first, in place of 0, 1, 2, … */
export function dselectK(
  block: SharedBlock<SharingOf<'dselect-k'>>,
  given?: readonly (readonly number[])[],
): SharingOutcome {
  const mistake = refuseIndices(block);
  if (mistake) return mistake;
  const { experts: count, selected, gamma, entropy } = block.sharing;
  const wiring = new Wiring(block);
  const experts = Array.from({ length: count }, (_, index) =>
    wiring.stack(
      { id: `experts/${String(index)}`, role: 'expert', label: String(index), reads: [blockInput] },
      allLayers(block),
    ),
  );
  const codes = given ?? binaryCodes(count);
  const bits = codes[0]?.length ?? 1;
  const vector = wiring.flat(blockInput);
  const width = sizeOf(wiring.shapeOf(vector));
  const weights = [
    { name: 'z_kernel', shape: [width, selected * bits], trainable: true },
    { name: 'z_bias', shape: [selected * bits], trainable: true },
    { name: 'w_kernel', shape: [width, selected], trainable: true },
    { name: 'w_bias', shape: [selected], trainable: true },
  ];
  const outputs = byConsumer(block.consumers, ({ id, name }) => {
    const gate = wiring.combine(
      { id: `gates/${id}`, role: 'gate', label: name, reads: [vector] },
      { kind: 'selector', codes, selected, gamma, entropy },
      weights,
      [count],
    );
    return wiring.mixture({ id: `mixtures/${id}`, label: name, reads: [gate, ...experts], drawnWith: gate });
  });
  return wiring.finish('dselect-k', outputs);
}

/** 0 … count − 1 in ⌈log₂ count⌉ bits (at least one), most significant first. */
export function binaryCodes(count: number): readonly (readonly number[])[] {
  const bits = Math.max(1, Math.ceil(Math.log2(count)));
  return Array.from({ length: count }, (_, expert) =>
    Array.from({ length: bits }, (_unused, bit) => Math.floor(expert / 2 ** (bits - 1 - bit)) % 2),
  );
}
