/**
 * Names of tf.layers objects. tfjs accepts `[A-Za-z0-9][-A-Za-z0-9._/]*` only and takes a weight's name from its layer's
 * (`trunk.0/kernel`), so names of the spec, which may be Chinese, are spelled out: letters, digits and `-` stay, `/`
 * becomes `.`, anything else `_` + its code point in hexadecimal + `_`. The spelling depends on the name alone: files
 * written by two runs of one spec are equal byte for byte.
 */

/** `特征提取/0` → `x_7279__5f81__63d0__53d6_.0`; `tasks/species/head` → `tasks.species.head`. */
export function layerName(path: string): string {
  let name = '';
  for (const character of path) {
    if (/[A-Za-z0-9-]/.test(character)) name += character;
    else if (character === '/') name += '.';
    else name += `_${(character.codePointAt(0) ?? 0).toString(16)}_`;
  }
  return /^[A-Za-z0-9]/.test(name) ? name : `x${name}`;
}

/** Hands out layer names that are unique in one model; a second use of a name gets `.2`, in order of asking. */
export class LayerNames {
  readonly #used = new Set<string>();

  take(path: string): string {
    const base = layerName(path);
    let name = base;
    for (let count = 2; this.#used.has(name); count++) name = `${base}.${String(count)}`;
    this.#used.add(name);
    return name;
  }
}
