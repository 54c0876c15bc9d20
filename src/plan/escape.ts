/**
 * Text inside Mermaid labels. A name of a spec is data: whatever it holds, it must stay one label. Everything that is
 * not a letter, a digit or a single space becomes a Mermaid entity (`#96;`), so that no backtick, quote, bracket,
 * `%%{`, `$$`, newline, markdown, HTML or keyword can act. The letters of Mermaid's own placeholders for entities
 * (ﬂ and ß of `ﬂ°°96¶ß`) are encoded too: written plainly they would be taken for one.
 */
// Asked of one character at a time.
const plain = /[\p{L}\p{M}\p{N} ]/u;
const placeholders = new Set(['ﬂ', 'ß']);
/** In phrases of our own these are harmless, and the text stays readable. */
const ours = new Set(Array.from('.,·×→…[]()?Σ/+-–−≠（），、：'));

function encode(text: string, isSafe: (character: string) => boolean): string {
  let encoded = '';
  let previous = '';
  for (const character of text) {
    const doubled = character === ' ' && (previous === ' ' || previous === '');
    encoded += isSafe(character) && !doubled ? character : `#${String(character.codePointAt(0))};`;
    previous = character;
  }
  return encoded;
}

/** A name from the spec as label text. */
export function escapeName(name: string): string {
  return encode(name, (character) => plain.test(character) && !placeholders.has(character));
}

/** A phrase of ours (layer summaries, shapes, counts) as label text; unusual characters are encoded like names. */
export function escapePhrase(phrase: string): string {
  return encode(phrase, (character) => ours.has(character) || (plain.test(character) && !placeholders.has(character)));
}
