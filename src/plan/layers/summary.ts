/** Short phrases for the diagram's labels. */
import type { LayerSpec } from '../../spec/index.ts';
import { sizesOf, textOf } from './arguments.ts';

/** `dense 50, relu`: the parts that are there, the activation unless it is linear. */
export function phrase(layer: LayerSpec, ...parts: readonly (string | number)[]): string {
  const activation = layer.type === 'activation' ? 'linear' : textOf(layer, 'activation', 'linear');
  const head = [layer.type, ...parts].join(' ');
  return activation === 'linear' ? head : `${head}, ${activation}`;
}

/** `3×3` */
export function sizePhrase(layer: LayerSpec, name: string, axes: number, otherwise: number): string {
  return sizesOf(layer, name, axes, otherwise).join('×');
}
