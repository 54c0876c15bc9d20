/**
 * Reading a layer's arguments. The schema has already checked their types; what is absent takes tf.layers' default.
 */
import type { LayerSpec } from '../../spec/index.ts';

export function valueOf(layer: LayerSpec, name: string): unknown {
  return Object.hasOwn(layer, name) ? (layer as unknown as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function numberOf(layer: LayerSpec, name: string, otherwise: number): number {
  const value = valueOf(layer, name);
  return typeof value === 'number' ? value : otherwise;
}

export function booleanOf(layer: LayerSpec, name: string, otherwise: boolean): boolean {
  const value = valueOf(layer, name);
  return typeof value === 'boolean' ? value : otherwise;
}

export function textOf(layer: LayerSpec, name: string, otherwise: string): string {
  const value = valueOf(layer, name);
  return typeof value === 'string' ? value : otherwise;
}

/** A size per axis, from one number for all or a list of one per axis. */
export function sizesOf(
  layer: LayerSpec,
  name: string,
  axes: number,
  otherwise: number | readonly number[],
): readonly number[] {
  const value = valueOf(layer, name) ?? otherwise;
  if (typeof value === 'number') return Array.from({ length: axes }, () => value);
  const list = Array.isArray(value) ? value.filter((entry): entry is number => typeof entry === 'number') : [];
  return Array.from({ length: axes }, (_, axis) => list[axis] ?? list[0] ?? 1);
}
