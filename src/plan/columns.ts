/**
 * Which columns a list of names and patterns means. `{"match": "p??"}` takes every column that fits (`?` one character,
 * `*` any number); `{"except": ["id"]}` (names or patterns) leaves columns out: of those
 * named beside it, or, alone, of all columns that are not targets.
 */
export type Selector = string | { readonly match: string } | { readonly except: readonly string[] };

export interface Selection {
  /** In order of mention, patterns in header order, each column once. */
  readonly columns: readonly string[];
  /** Index of every selector that names or matches nothing. */
  readonly unmatched: readonly number[];
}

/** Resolves selectors against a real header; `targets` are the columns that tasks predict. */
export function selectColumns(
  selectors: readonly Selector[],
  header: readonly string[],
  targets: ReadonlySet<string> = new Set(),
): Selection {
  const known = new Set(header);
  const taken = new Set<string>();
  const unmatched: number[] = [];
  if (selectors.every((selector) => typeof selector !== 'string' && 'except' in selector)) {
    for (const column of header) if (!targets.has(column)) taken.add(column);
  }
  selectors.forEach((selector, index) => {
    const found = matching(selector, header, known);
    if (found.length === 0) unmatched.push(index);
    if (typeof selector !== 'string' && 'except' in selector) return;
    for (const column of found) taken.add(column);
  });
  for (const selector of selectors) {
    if (typeof selector === 'string' || !('except' in selector)) continue;
    for (const column of matching(selector, header, known)) taken.delete(column);
  }
  return { columns: [...taken], unmatched };
}

function matching(selector: Selector, header: readonly string[], known: ReadonlySet<string>): readonly string[] {
  if (typeof selector === 'string') return known.has(selector) ? [selector] : [];
  if ('except' in selector) {
    return header.filter((column) => selector.except.some((pattern) => matchesPattern(column, pattern)));
  }
  return header.filter((column) => matchesPattern(column, selector.match));
}

/** Wildcards `?` and `*`, everything else literally. Linear in practice: backtracks to the last `*` only. */
export function matchesPattern(text: string, pattern: string): boolean {
  const characters = Array.from(text);
  const glob = Array.from(pattern);
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < characters.length) {
    if (glob[from] === '*') {
      star = from;
      from += 1;
      mark = at;
    } else if (from < glob.length && (glob[from] === '?' || glob[from] === characters[at])) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      from = star + 1;
      mark += 1;
      at = mark;
    } else {
      return false;
    }
  }
  while (glob[from] === '*') from += 1;
  return from === glob.length;
}

/** The selectors as a person wrote them, for a plan without a header. */
export function writtenColumns(selectors: readonly Selector[]): readonly string[] {
  return selectors.map((selector) => {
    if (typeof selector === 'string') return selector;
    return 'match' in selector ? selector.match : `≠ ${selector.except.join(', ')}`;
  });
}
