// Sentences of the code that a person may read, and whether each is written in both languages.
import ts from 'typescript';

const han = /\p{Script=Han}/u;

export interface Lone {
  readonly line: number;
  /** With `\0` for each hole of a template. */
  readonly text: string;
  /** Thrown as an error of one language, which only a fault of the program may be. */
  readonly fault: boolean;
}

/** Three English words or more. What is code within is none. */
function isSentence(text: string): boolean {
  if (han.test(text) || !text.includes(' ')) return false;
  const words = text.replace(/`[^`]*`/g, ' ').match(/(?<![\w./-])[A-Za-z][a-z']+(?![\w/(=-])/g) ?? [];
  return words.length >= 3;
}

function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join('');
}

/** What stands beside a part of a list of arguments, of an object, a list or a choice. */
function besides(parent: ts.Node, child: ts.Node): readonly ts.Node[] {
  const all = ts.isCallExpression(parent)
    ? parent.arguments
    : ts.isNewExpression(parent)
      ? (parent.arguments ?? [])
      : ts.isObjectLiteralExpression(parent)
        ? parent.properties
        : ts.isArrayLiteralExpression(parent)
          ? parent.elements
          : ts.isConditionalExpression(parent)
            ? [parent.whenTrue, parent.whenFalse]
            : [];
  return all.includes(child as never) ? all.filter((one) => one !== child) : [];
}

/** A name that is told apart by its language: `moreEn` beside `moreZh`, `en` beside `zh`. */
function isNamedPair(node: ts.Node, source: ts.SourceFile): boolean {
  if (!ts.isVariableDeclaration(node)) return false;
  const name = node.name.getText(source);
  const other = name === 'en' ? 'zh' : name.endsWith('En') ? name.replace(/En$/, 'Zh') : `${name}Zh`;
  return new RegExp(`\\b${other}\\b`).test(node.getSourceFile().text);
}

/** `l10n.t('…')`, whose Chinese stands in the bundle; a test of its own asks for it. */
const isTranslated = (node: ts.CallExpression, source: ts.SourceFile): boolean =>
  /(?:^|\.)t$/.test(node.expression.getText(source)) && node.arguments.length > 0;

/**
 * The English sentences of a file that have no Chinese beside them: in the same call, object, list or choice, or under a
 * name that is told apart by its language.
 *
 * @param translated whether `t('…')` is a translation by the editor's bundle
 */
export function loneSentences(file: string, code: string, translated: boolean): readonly Lone[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Lone[] = [];
  const seen = new Map<ts.Node, boolean>();
  const isChinese = (node: ts.Node): boolean => {
    const known = seen.get(node) ?? han.test(code.slice(node.getStart(source), node.getEnd()));
    seen.set(node, known);
    return known;
  };
  const add = (node: ts.Node, text: string, fault: boolean): void => {
    found.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, text, fault });
  };
  const judge = (node: ts.Node, text: string): void => {
    for (let child = node; !ts.isSourceFile(child); child = child.parent) {
      const { parent } = child;
      if (besides(parent, child).some(isChinese)) return;
      if (isNamedPair(parent, source)) return;
      if (translated && ts.isCallExpression(parent) && isTranslated(parent, source)) return;
      if (ts.isNewExpression(parent) && /^(?:Range|Type)?Error$/.test(parent.expression.getText(source))) {
        add(node, text, true);
        return;
      }
      if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isClassElement(parent)) break;
    }
    add(node, text, false);
  };
  const visit = (node: ts.Node): void => {
    const text = literalText(node);
    if (text !== undefined && isSentence(text) && !ts.isImportDeclaration(node.parent)) judge(node, text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a hole stands in brackets, as the sizes of a shape do: `[3, 4]` is a formula in every language. */
const inBrackets = (before: string, after: string): boolean => /\[[^\]]*$/.test(before) && /^[^[]*\]/.test(after);

/** A mark that is looked for, to put another one in its place. */
const isReplaced = (node: ts.Node, source: ts.SourceFile): boolean =>
  ts.isCallExpression(node.parent) && /\.replace(?:All)?$/.test(node.parent.expression.getText(source));

/** Lists that are joined, and marks that stand by themselves, with half-width punctuation within a Chinese text. */
export function halfWidthIn(file: string, code: string): readonly { readonly line: number; readonly text: string }[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: { line: number; text: string }[] = [];
  const within = (node: ts.Node): void => {
    const text = literalText(node);
    const isMark = text !== undefined && /^\s*[,;:?!]\s*$/.test(text) && !isReplaced(node, source);
    if (isMark) found.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, text });
    ts.forEachChild(node, within);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      const pieces = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
      if (!pieces.some((piece) => han.test(piece))) return;
      for (const [index, { expression }] of node.templateSpans.entries()) {
        if (!inBrackets(pieces[index] ?? '', pieces[index + 1] ?? '')) within(expression);
      }
    }
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'zh') within(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
