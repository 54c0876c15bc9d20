// Every single fault that can be put into a file, and the choice of some of them.
import ts from 'typescript';
import { kindNames, kinds, type Change, type KindName } from './kinds.ts';
import { shuffled } from './random.ts';

export interface Fault extends Change {
  readonly file: string;
  readonly kind: KindName;
  /** From 1. */
  readonly line: number;
  /** The line's text without what is around it: a fault is recognized by it when lines have moved. */
  readonly lineText: string;
  /** What stood there. */
  readonly from: string;
}

/** What only people read: a change there is no fault of the program. */
const textKeys: ReadonlySet<string> = new Set(
  'en zh title titles summary description formula source sources caption'.split(' '),
);
const textCalls = /^(console|log|logger)\b|\b(log|warn|debug|trace)$/;

/** Types, imports, and words for people. */
function skipped(node: ts.Node, source: ts.SourceFile): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isPropertyAssignment(node)) return textKeys.has(node.name.getText(source).replace(/['"]/g, ''));
  if (ts.isThrowStatement(node)) return true;
  if (ts.isExpressionStatement(node)) return skipped(node.expression, source);
  if (ts.isCallExpression(node)) return textCalls.test(node.expression.getText(source));
  return false;
}

/** A name with spaces is a sentence; an object's key and an import's path are no values. */
function isWording(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node)) return false;
  const { parent } = node;
  const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
  return isKey || /\s/.test(node.text.trim()) || /[\u3000-\uffef]/.test(node.text);
}

/** `[]` instead of a list of texts in both languages is no fault of the program either. */
const isText = (node: ts.Node, source: ts.SourceFile): boolean =>
  ts.isObjectLiteralExpression(node) &&
  node.properties.some((each) => each.name !== undefined && textKeys.has(each.name.getText(source)));

/** In the order of the text. */
export function faultsOf(file: string, text: string): Fault[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const lines = text.split('\n');
  const found: Fault[] = [];
  const visit = (node: ts.Node): void => {
    if (skipped(node, source)) return;
    for (const kind of kindNames) {
      if (kind === 'string' && isWording(node)) continue;
      if (kind === 'entry removed' && isText(node, source)) continue;
      for (const change of kinds[kind](node, source)) {
        const from = text.slice(change.start, change.end);
        if (from === change.text) continue;
        const line = source.getLineAndCharacterOfPosition(change.start).line + 1;
        found.push({ ...change, file, kind, line, lineText: (lines[line - 1] ?? '').trim(), from });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * `count` faults that are possible, kind by kind in random order, so that rare kinds come as often as common ones; at most
 * `perFile` of one file.
 */
export function choose(
  all: readonly Fault[],
  count: number,
  perFile: number,
  random: () => number,
  possible: (fault: Fault) => boolean = () => true,
): Fault[] {
  const queues = shuffled(kindNames, random).map((kind) =>
    shuffled(
      all.filter((each) => each.kind === kind),
      random,
    ),
  );
  const chosen: Fault[] = [];
  const taken = new Map<string, number>();
  while (chosen.length < count && queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      if (chosen.length === count) break;
      let next = queue.pop();
      while (next !== undefined && ((taken.get(next.file) ?? 0) >= perFile || !possible(next))) next = queue.pop();
      if (next === undefined) continue;
      taken.set(next.file, (taken.get(next.file) ?? 0) + 1);
      chosen.push(next);
    }
  }
  return chosen;
}

export const applied = (text: string, { start, end, text: instead }: Change): string =>
  text.slice(0, start) + instead + text.slice(end);

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
/** `src/x.ts:3 boundary: a < b  [< → <=]` */
export const describe = ({ file, line, kind, lineText, from, text }: Fault): string =>
  `${file}:${String(line)} ${kind}: ${short(lineText)}  [${short(from)} → ${short(text) || 'nothing'}]`;
