// A hook on the loading of modules, for tests that run from their sources; bundles are made with the same ear.
import { isMaker, withEar } from '../scripts/lib/heard.mjs';

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!isMaker(url) || loaded.source === undefined || loaded.source === null) return loaded;
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
  return { ...loaded, source: withEar(source) };
}
