/**
 * How many threads one operation may use. Small operations are faster on one: handing 64 rows of a dense layer of 128
 * units to two threads takes three times as long as computing them. Wide convolutions gain from every processor.
 */
import * as os from 'node:os';

/** From here on a layer of the kind is worth several threads. */
const wide: Readonly<Record<string, { readonly key: string; readonly least: number }>> = {
  conv1d: { key: 'filters', least: 32 },
  conv2d: { key: 'filters', least: 16 },
  separableConv2d: { key: 'filters', least: 16 },
  conv2dTranspose: { key: 'filters', least: 16 },
  dense: { key: 'units', least: 1024 },
  lstm: { key: 'units', least: 256 },
  gru: { key: 'units', least: 256 },
};

/**
 * @param spec the resolved spec as nested maps and lists; only its layers matter, so a run that is resumed gets as many
 * threads as before
 */
export function threadsFor(spec: unknown, processors: number = os.availableParallelism()): number {
  return hasWideLayer(spec) ? processors : 1;
}

function hasWideLayer(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasWideLayer);
  if (!(value instanceof Map)) return false;
  const row = wide[String(value.get('type'))];
  if (row && Number(value.get(row.key)) >= row.least) return true;
  return [...value.values()].some(hasWideLayer);
}
