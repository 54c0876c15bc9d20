// Chinese as it is printed: full-width punctuation in sentences, half-width in code, formulas and between Latin words.
import ts from 'typescript';

const han = /\p{Script=Han}/u;
const wide: Readonly<Record<string, string>> = { ',': '，', ';': '；', ':': '：', '?': '？', '!': '！' };
/** Code, formulas, addresses, quoted Latin words such as commands, and holes of a template: never touched, neither Latin nor Chinese. */
const opaque = /`[^`]*`|“[^”\p{Script=Han}]{2,}”|\$\$[^$]*\$\$|\$[^$\n]+\$|https?:\/\/\S+|\]\([^)]*\)|\{\d+\}|\0/gu;

const code = '\uE000';
const hole = '\uE001';

/** Length kept, so that places in the text stay the same. */
const masked = (text: string): string =>
  text.replace(opaque, (found) => (found === '\0' || found.startsWith('{') ? hole : code).repeat(found.length));

/** The nearest character that is no space and no mark of emphasis. */
function neighbor(text: string, from: number, step: 1 | -1): string {
  let at = from + step;
  while (at >= 0 && at < text.length && /[ *_]/.test(text.charAt(at))) at += step;
  return text.charAt(at);
}

const isChinese = (character: string): boolean => han.test(character) || /[，。；：？！、（）“”《》]/u.test(character);

/** Pairs of brackets, innermost first: their places. */
function pairs(text: string): readonly (readonly [number, number])[] {
  const open: number[] = [];
  const found: [number, number][] = [];
  for (const [at, character] of Array.from(text).entries()) {
    if (character === '(') open.push(at);
    else if (character === ')') {
      const start = open.pop();
      if (start !== undefined) found.push([start, at]);
    }
  }
  return found;
}

/** Brackets around Chinese words, or after them. */
function withWideBrackets(seen: string): string {
  const result = seen.split('');
  for (const [start, end] of pairs(seen)) {
    const inside = seen.slice(start + 1, end);
    if (!han.test(inside) && (!isChinese(seen.charAt(start - 1)) || inside.trim() === '')) continue;
    result[start] = '（';
    result[end] = '）';
  }
  return result.join('');
}

/** Whether the mark at a place of a Chinese text is one of its sentence. */
function isWide(seen: string, at: number): boolean {
  const mark = seen.charAt(at);
  // A mark in quotes is meant itself.
  if (seen.charAt(at - 1) === '“' && seen.charAt(at + 1) === '”') return false;
  const [before, after] = [neighbor(seen, at, -1), neighbor(seen, at, 1)];
  const betweenLatin = /[A-Za-z0-9]/.test(before) && / [A-Za-z0-9]/.test(seen.slice(at + 1, at + 3));
  if (isChinese(before) || (mark === ';' && !betweenLatin)) return true;
  if (before === code) return true;
  // A Latin name, and a number of something: English would have a space.
  if (mark === ',' && /[A-Za-z]/.test(before) && /^\d+ ?\p{Script=Han}/u.test(seen.slice(at + 1))) return true;
  // The end of a sentence, whatever it ends with.
  if ((mark === '?' || mark === '!') && after === '' && before !== '') return true;
  // What is said of something by its Latin name.
  if (mark === ':' && after === hole && /[A-Za-z]/.test(before)) {
    return isChinese(
      seen
        .slice(at + 1)
        .replaceAll(hole, '')
        .charAt(0),
    );
  }
  if (before === hole) return isChinese(after) || (after === hole && mark === ',');
  return isChinese(after) && /[A-Za-z0-9%)\]”]/.test(before);
}

/** The text with full-width punctuation where it is Chinese; a text without Chinese stays as it is. */
export function fullWidth(text: string): string {
  if (!han.test(text)) return text;
  const seen = withWideBrackets(masked(text));
  const result = seen.split('').map((character, at) => {
    if (character === code || character === hole) return text.charAt(at);
    const other = wide[character];
    return other !== undefined && isWide(seen, at) ? other : character;
  });
  return result
    .join('')
    .replace(/([，；：？！（）])[ ]+(?=\S)/gu, '$1')
    .replace(/(\S)[ ]+(?=[，；：？！（）])/gu, '$1');
}

export interface Found {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Texts of a TypeScript file: plain ones, and templates with `\0` for each hole. */
function textsOf(file: string, text: string): readonly (readonly Found[])[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Found[][] = [];
  const piece = (node: ts.Node, before: number, after: number): Found => {
    const [start, end] = [node.getStart(source) + before, node.getEnd() - after];
    return { start, end, text: text.slice(start, end) };
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push([piece(node, 1, 1)]);
    else if (ts.isTemplateExpression(node)) {
      const tails = node.templateSpans.map(({ literal }) => piece(literal, 1, ts.isTemplateTail(literal) ? 1 : 2));
      found.push([piece(node.head, 1, 2), ...tails]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A file's code with its Chinese texts in full-width punctuation. */
export function corrected(file: string, source: string): string {
  const changes: Found[] = [];
  for (const pieces of textsOf(file, source)) {
    const whole = pieces.map(({ text }) => text).join('\0');
    const better = fullWidth(whole).split('\0');
    for (const [index, { start, end, text }] of pieces.entries()) {
      const other = better[index] ?? text;
      if (other !== text) changes.push({ start, end, text: other });
    }
  }
  return changes
    .sort((a, b) => b.start - a.start)
    .reduce((text, change) => text.slice(0, change.start) + change.text + text.slice(change.end), source);
}
