/** Text of an SVG that is written without a page: escaping, numbers, and how wide words are about. Pure. */

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Names come from strangers' files; what XML has no place for is shown as such. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => escapes[character] ?? '');
}

/** A number of pixels, to a hundredth. */
export const place = (pixels: number): string => String(Number(pixels.toFixed(2)));

export function attributesOf(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${typeof value === 'number' ? place(value) : escaped(value)}"`)
    .join(' ');
}

const wide =
  /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

/** About as wide as most letters make it. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 1 : /[A-Z@%mw]/.test(character) ? 0.72 : 0.56;
  return width * size;
}

/** The text, or its beginning with an ellipsis where there is no room for it. */
export function fits(text: string, size: number, room: number): string {
  if (widthOf(text, size) <= room) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && widthOf(`${characters.join('')}…`, size) > room) characters.pop();
  return `${characters.join('')}…`;
}

/** Lines of a sentence, broken between words, and anywhere in Chinese. */
export function linesWithin(text: string, size: number, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/[^\s\u2e80-\u9fff\uff00-\uff60]+\s*|[\u2e80-\u9fff\uff00-\uff60]\s*|\s+/gu) ?? []) {
    if (line !== '' && widthOf(line + word.trimEnd(), size) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}
