/**
 * How many threads one operation may use. Small operations are faster on one: handing 64 rows of a dense layer of 128
 * units to two threads takes three times as long as computing them. Wide convolutions gain from every processor.
 */
import { layerRule } from './layers/table.ts';

/**
 * @param spec the resolved spec as nested maps and lists; only its layers matter, so a run that is resumed gets as many
 * threads as before
 * @param processors of the machine
 */
export function threadsFor(spec: unknown, processors: number): number {
  return hasWideLayer(spec) ? processors : 1;
}

function hasWideLayer(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasWideLayer);
  if (!(value instanceof Map)) return false;
  const threads = layerRule(String(value.get('type')))?.threads;
  if (threads && Number(value.get(threads.argument)) >= threads.least) return true;
  return [...value.values()].some(hasWideLayer);
}
