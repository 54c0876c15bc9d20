// What can go wrong at one place of a syntax tree: each kind of fault says what a node would read instead.
import ts from 'typescript';

/** A node's text, or a part of it, replaced. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Kind = (node: ts.Node, source: ts.SourceFile) => readonly Change[];

const change = (node: ts.Node, source: ts.SourceFile, text: string): Change => ({
  start: node.getStart(source),
  end: node.getEnd(),
  text,
});

const operators = (table: Readonly<Partial<Record<ts.SyntaxKind, string>>>): Kind => {
  return (node, source) => {
    if (!ts.isBinaryExpression(node)) return [];
    const text = table[node.operatorToken.kind];
    return text === undefined ? [] : [change(node.operatorToken, source, text)];
  };
};

/** The same, but not where a fault would change nothing. */
const besides = (
  equivalent: (node: ts.Node, source: ts.SourceFile) => boolean,
  table: Readonly<Partial<Record<ts.SyntaxKind, string>>>,
): Kind => {
  const changes = operators(table);
  return (node, source) => (equivalent(node, source) ? [] : changes(node, source));
};

/** `+` between texts joins them: that is no arithmetic. */
const joinsText = (node: ts.Expression): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) && (joinsText(node.left) || joinsText(node.right)));

const arithmetic = operators({
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AsteriskToken]: '/',
  [ts.SyntaxKind.SlashToken]: '*',
  [ts.SyntaxKind.PercentToken]: '*',
  [ts.SyntaxKind.AsteriskAsteriskToken]: '*',
  [ts.SyntaxKind.PlusEqualsToken]: '-=',
  [ts.SyntaxKind.MinusEqualsToken]: '+=',
  [ts.SyntaxKind.AsteriskEqualsToken]: '/=',
  [ts.SyntaxKind.SlashEqualsToken]: '*=',
});

/** The condition of an `if`, `?:` or `while`. */
function condition(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) ? node.condition : undefined;
}

const argumentsOf = (node: ts.Node): readonly ts.Expression[] =>
  ts.isCallExpression(node) ? node.arguments : ts.isNewExpression(node) ? (node.arguments ?? []) : [];

/**
 * Whether it does not matter on which side of a border two equal values stand: the smaller or larger of two is taken, as in
 * `a < b ? a : b` and `if (a > most) most = a`.
 */
function takesEither(node: ts.Node, source: ts.SourceFile): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const sides = [node.left.getText(source), node.right.getText(source)];
  const areSides = (one: ts.Node, other: ts.Node): boolean => {
    const texts = [one.getText(source), other.getText(source)];
    return sides.join('\0') === texts.join('\0') || sides.join('\0') === texts.reverse().join('\0');
  };
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) {
    return parent.condition === node && areSides(parent.whenTrue, parent.whenFalse);
  }
  if (!ts.isIfStatement(parent) || parent.elseStatement !== undefined) return false;
  const { thenStatement } = parent;
  const only =
    ts.isBlock(thenStatement) && thenStatement.statements.length === 1 ? thenStatement.statements[0] : thenStatement;
  if (only === undefined || !ts.isExpressionStatement(only) || !ts.isBinaryExpression(only.expression)) return false;
  const { operatorToken, left, right } = only.expression;
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && areSides(left, right);
}

/** `return await x` outside a `try` is `return x`: who called awaits it. */
function isAwaitedAnyway(node: ts.AwaitExpression): boolean {
  let from: ts.Node = node.parent;
  while (ts.isParenthesizedExpression(from) || ts.isConditionalExpression(from)) from = from.parent;
  if (ts.isArrowFunction(from)) return true;
  if (!ts.isReturnStatement(from)) return false;
  for (let at: ts.Node = from; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at)) return false;
  }
  return true;
}

/** Calls that give the same in any order of what they are given. */
const inAnyOrder = (node: ts.Node, source: ts.SourceFile): boolean =>
  ts.isCallExpression(node) &&
  /^(Math\.(min|max|hypot)|dot|tf\.(add|mul|maximum|minimum))$/.test(node.expression.getText(source));

/** From the end of the entry before (or the start of the entry) to the start of the next, with one comma. */
function without(entries: readonly ts.Node[], index: number, source: ts.SourceFile): Change {
  const entry = entries[index] as ts.Node;
  const next = entries[index + 1];
  const before = entries[index - 1];
  if (next !== undefined) return { start: entry.getStart(source), end: next.getStart(source), text: '' };
  return { start: before === undefined ? entry.getStart(source) : before.getEnd(), end: entry.getEnd(), text: '' };
}

/** Methods of arrays, texts and Math that are easily mistaken for one another. */
const mistaken: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  push: 'unshift',
  unshift: 'push',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  indexOf: 'lastIndexOf',
  find: 'findLast',
  findIndex: 'findLastIndex',
  first: 'last',
  keys: 'values',
  values: 'keys',
};
/** Methods whose call can be left out: what they are called on is a value of the same type. */
const optional: ReadonlySet<string> = new Set(
  'filter slice subarray sort toSorted reverse toReversed trim toLowerCase toUpperCase concat replace replaceAll abs clone'.split(
    ' ',
  ),
);

function regexChanges(pattern: string): string[] {
  const changes = [];
  if (/^\/\^/.test(pattern)) changes.push(pattern.replace('/^', '/'));
  if (/\$\/[a-z]*$/.test(pattern)) changes.push(pattern.replace(/\$(\/[a-z]*)$/, '$1'));
  if (/[^\\]\+/.test(pattern)) changes.push(pattern.replace(/([^\\])\+/, '$1'));
  if (/[^\\]\*/.test(pattern)) changes.push(pattern.replace(/([^\\])\*/, '$1'));
  if (/\[\^/.test(pattern)) changes.push(pattern.replace('[^', '['));
  else if (/[^\\]\[/.test(pattern)) changes.push(pattern.replace(/([^\\])\[/, '$1[^'));
  if (/\/[a-z]*[gi][a-z]*$/.test(pattern)) changes.push(pattern.replace(/[gi]([a-z]*)$/, '$1'));
  return changes;
}

const isAssignment = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;

/** By name; the names stand in reports and in the list of faults judged equivalent. */
export const kinds = {
  boundary: besides(takesEither, {
    [ts.SyntaxKind.LessThanToken]: '<=',
    [ts.SyntaxKind.LessThanEqualsToken]: '<',
    [ts.SyntaxKind.GreaterThanToken]: '>=',
    [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  }),
  comparison: operators({
    [ts.SyntaxKind.LessThanToken]: '>=',
    [ts.SyntaxKind.LessThanEqualsToken]: '>',
    [ts.SyntaxKind.GreaterThanToken]: '<=',
    [ts.SyntaxKind.GreaterThanEqualsToken]: '<',
    [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
    [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  }),
  arithmetic: (node, source) => (ts.isBinaryExpression(node) && joinsText(node) ? [] : arithmetic(node, source)),
  logic: operators({
    [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
    [ts.SyntaxKind.BarBarToken]: '&&',
  }),
  negation: (node, source) => {
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      return [change(node, source, node.operand.getText(source))];
    }
    const tested = condition(node);
    return tested === undefined ? [] : [change(tested, source, `!(${tested.getText(source)})`)];
  },
  condition: (node, source) => {
    const tested = condition(node);
    if (tested === undefined) return [];
    // A loop that never ends says nothing.
    return [...(ts.isWhileStatement(node) ? [] : ['true']), 'false'].map((text) => change(tested, source, text));
  },
  'call removed': (node, source) => {
    if (!ts.isExpressionStatement(node)) return [];
    const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
    return ts.isCallExpression(called) ? [change(node, source, ';')] : [];
  },
  'assignment removed': (node, source) =>
    ts.isExpressionStatement(node) && isAssignment(node.expression) ? [change(node, source, ';')] : [],
  'arguments swapped': (node, source) => {
    const given = inAnyOrder(node, source) ? [] : argumentsOf(node);
    const changes: Change[] = [];
    for (let index = 1; index < given.length; index++) {
      const [left, right] = [given[index - 1] as ts.Expression, given[index] as ts.Expression];
      if (ts.isSpreadElement(left) || ts.isSpreadElement(right)) continue;
      const [one, two] = [left.getText(source), right.getText(source)];
      if (one === two) continue;
      const between = source.text.slice(left.getEnd(), right.getStart(source));
      changes.push({ start: left.getStart(source), end: right.getEnd(), text: `${two}${between}${one}` });
    }
    return changes;
  },
  'argument removed': (node, source) => {
    const given = argumentsOf(node);
    return given.length < 2 ? [] : [without(given, given.length - 1, source)];
  },
  number: (node, source) => {
    if (!ts.isNumericLiteral(node)) return [];
    const value = Number(node.text);
    return [...new Set([value + 1, value === 0 ? 1 : value * 2])].map((each) => change(node, source, String(each)));
  },
  boolean: (node, source) => {
    if (node.kind === ts.SyntaxKind.TrueKeyword) return [change(node, source, 'false')];
    return node.kind === ts.SyntaxKind.FalseKeyword ? [change(node, source, 'true')] : [];
  },
  string: (node, source) => {
    if (!ts.isStringLiteral(node) || node.text === '') return [];
    return [change(node, source, "''")];
  },
  'list emptied': (node, source) =>
    ts.isArrayLiteralExpression(node) && node.elements.length > 0 ? [change(node, source, '[]')] : [],
  'entry removed': (node, source) => {
    const entries = ts.isArrayLiteralExpression(node)
      ? node.elements
      : ts.isObjectLiteralExpression(node)
        ? node.properties
        : [];
    return entries.length < 2 ? [] : entries.map((_, index) => without(entries, index, source));
  },
  'return replaced': (node, source) => {
    const value =
      ts.isReturnStatement(node) || (ts.isArrowFunction(node) && !ts.isBlock(node.body))
        ? ts.isReturnStatement(node)
          ? node.expression
          : (node.body as ts.Expression)
        : undefined;
    if (value === undefined || value.getText(source) === 'undefined') return [];
    return [change(value, source, 'undefined')];
  },
  'default removed': (node, source) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return [];
    // `list[index] ?? 0` is there for the compiler where the index is known to be good: the default alone is a fault.
    const kept = ts.isElementAccessExpression(node.left) ? [node.right] : [node.left, node.right];
    return kept.map((each) => change(node, source, each.getText(source)));
  },
  // As a statement of its own it would be refused by lint (no-floating-promises).
  'await removed': (node, source) =>
    ts.isAwaitExpression(node) && !ts.isExpressionStatement(node.parent) && !isAwaitedAnyway(node)
      ? [change(node, source, node.expression.getText(source))]
      : [],
  regex: (node, source) =>
    node.kind === ts.SyntaxKind.RegularExpressionLiteral
      ? regexChanges(node.getText(source)).map((text) => change(node, source, text))
      : [],
  'method mistaken': (node, source) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const text = Object.hasOwn(mistaken, node.expression.name.text) ? mistaken[node.expression.name.text] : undefined;
    return text === undefined ? [] : [change(node.expression.name, source, text)];
  },
  'method left out': (node, source) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    if (!optional.has(node.expression.name.text)) return [];
    const kept = node.expression.name.text === 'abs' ? node.arguments[0] : node.expression.expression;
    return kept === undefined ? [] : [change(node, source, kept.getText(source))];
  },
  sign: (node, source) => {
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      return [change(node, source, node.operand.getText(source))];
    }
    if (!ts.isPostfixUnaryExpression(node)) return [];
    const swapped = node.operator === ts.SyntaxKind.PlusPlusToken ? '--' : '++';
    // A loop that counts the wrong way never ends.
    return ts.isForStatement(node.parent) ? [] : [change(node, source, node.operand.getText(source) + swapped)];
  },
  jump: (node, source) => {
    if (ts.isContinueStatement(node)) return [change(node, source, 'break;')];
    return ts.isBreakStatement(node) && !ts.isCaseOrDefaultClause(node.parent) ? [change(node, source, ';')] : [];
  },
} satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];
