/** Short phrases for the diagram's labels. */
import type { LayerSpec } from '../../spec/index.ts';
import { sizesOf, textOf } from './arguments.ts';

/** `activation relu`: the type and the parts that are there. */
export function words(layer: LayerSpec, ...parts: readonly (string | number)[]): string {
  return [layer.type, ...parts].join(' ');
}

/** `dense 50, relu`: the same, and the layer's activation unless it is linear. */
export function phrase(layer: LayerSpec, ...parts: readonly (string | number)[]): string {
  const activation = textOf(layer, 'activation', 'linear');
  return activation === 'linear' ? words(layer, ...parts) : `${words(layer, ...parts)}, ${activation}`;
}

/** `3×3` */
export function sizePhrase(layer: LayerSpec, name: string, axes: number, otherwise: number): string {
  return sizesOf(layer, name, axes, otherwise).join('×');
}
