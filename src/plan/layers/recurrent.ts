/** Recurrent layers: [time, features] → [units], or [time, units] with `returnSequences`. */
import type { LayerSpec } from '../../spec/index.ts';
import { booleanOf, numberOf, textOf, valueOf } from './arguments.ts';
import { scaled } from './sizes.ts';
import { phrase } from './summary.ts';
import { isMistake, type LayerRule, type ShapeMistake, type WeightShape } from './contract.ts';

/** Weights for `gates` gates side by side: kernel [in, g·u], recurrent kernel [u, g·u], bias [g·u]. */
function recurrent(gates: number): LayerRule {
  return {
    axes: 2,
    apply: (layer, input) => {
      const units = numberOf(layer, 'units', 1);
      const [time = null, features = null] = input.shape;
      const weights: WeightShape[] = [
        { name: 'kernel', shape: [features, gates * units], trainable: true },
        { name: 'recurrent_kernel', shape: [units, gates * units], trainable: true },
      ];
      if (booleanOf(layer, 'useBias', true)) weights.push({ name: 'bias', shape: [gates * units], trainable: true });
      const shape = booleanOf(layer, 'returnSequences', false) ? [time, units] : [units];
      return { output: { shape }, weights };
    },
    summary: (layer) => phrase(layer, numberOf(layer, 'units', 1)),
  };
}

const threads = { argument: 'units', least: 256 } as const;

export const simpleRNN = recurrent(1);
export const gru: LayerRule = { ...recurrent(3), threads };
export const lstm: LayerRule = { ...recurrent(4), threads };

/** The same layer forwards and backwards; `mergeMode: "concat"` (default) doubles the last axis. */
export const bidirectional: LayerRule = {
  axes: 2,
  apply: (layer, input, nested) => {
    const inner = innerLayer(layer);
    if (inner === null) return noInner();
    const outcome = nested(inner, input);
    if (isMistake(outcome)) return outcome;
    const { shape } = outcome.output;
    const doubled = textOf(layer, 'mergeMode', 'concat') === 'concat';
    const weights = ['forward', 'backward'].flatMap((direction) =>
      outcome.weights.map((weight) => ({ ...weight, name: `${direction}_${weight.name}` })),
    );
    return {
      output: { shape: doubled ? [...shape.slice(0, -1), scaled(shape.at(-1) ?? null, 2)] : shape },
      weights,
    };
  },
  summary: (layer) => {
    const inner = innerLayer(layer);
    return phrase(layer, ...(inner === null ? [] : [inner.type, numberOf(inner, 'units', 1)]));
  },
};

function innerLayer(layer: LayerSpec): LayerSpec | null {
  const inner = valueOf(layer, 'layer');
  return typeof inner === 'object' && inner !== null && 'type' in inner ? (inner as LayerSpec) : null;
}

function noInner(): ShapeMistake {
  return {
    code: 'shape-mismatch',
    message: {
      en: 'bidirectional needs a recurrent layer in "layer", e.g. { "type": "lstm", "units": 32 }.',
      zh: 'bidirectional 需要在 "layer" 中给出循环层，例如 { "type": "lstm", "units": 32 }。',
    },
  };
}
