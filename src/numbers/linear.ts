/**
 * The little linear algebra that weighting needs: dense, double precision, a few dozen rows at most. Matrices are lists of
 * rows; nothing is changed in place.
 */

export type Numbers = readonly number[];
/** A list of rows of equal length. */
export type Matrix = readonly Numbers[];

/** Machine epsilon of double precision. */
export const epsilon = Number.EPSILON;

/** Entry `index`; an index outside is a programming error. */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`Index ${index} of ${values.length}`);
  return value;
}

/** Row `index`; an index outside is a programming error. */
export function row(matrix: Matrix, index: number): Numbers {
  const values = matrix[index];
  if (values === undefined) throw new RangeError(`Row ${index} of ${matrix.length}`);
  return values;
}

/** Entry (i, j). */
export const entry = (matrix: Matrix, i: number, j: number): number => at(row(matrix, i), j);

export const sum = (values: Numbers): number => values.reduce((total, value) => total + value, 0);

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < a.length; index += 1) total += at(a, index) * at(b, index);
  return total;
}

/** M v, of shape [rows]. */
export const multiply = (matrix: Matrix, vector: Numbers): number[] => matrix.map((values) => dot(values, vector));

/** v + factor · w. */
export const plus = (v: Numbers, w: Numbers, factor = 1): number[] =>
  v.map((value, index) => value + factor * at(w, index));

export const scaled = (values: Numbers, factor: number): number[] => values.map((value) => value * factor);

/** n times the same value. */
export const filled = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

/** Unit vector `index` of length `count`. */
export const unit = (count: number, index: number): number[] =>
  Array.from({ length: count }, (_, position) => (position === index ? 1 : 0));

export const diagonal = (matrix: Matrix): number[] => matrix.map((values, index) => at(values, index));

/** vᵀ M w. */
export const form = (matrix: Matrix, v: Numbers, w: Numbers = v): number => dot(v, multiply(matrix, w));

/** Rows and columns `indices` of a square matrix. */
export const part = (matrix: Matrix, indices: Numbers): number[][] =>
  indices.map((i) => indices.map((j) => entry(matrix, i, j)));

export const pick = (values: Numbers, indices: Numbers): number[] => indices.map((index) => at(values, index));

/** Inner products of all rows of `a` with all rows of `b`: A Bᵀ. */
export const products = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number[][] =>
  a.map((left) => b.map((right) => dot(left, right)));

/** The Gram matrix J Jᵀ of the rows of J, exactly symmetric. */
export const gramOf = (rows: readonly ArrayLike<number>[]): number[][] => products(rows, rows);

/**
 * A Gram matrix as norms and cosines, G = diag(n) C diag(n). What depends on directions alone is solved with C, so that
 * losses of very different size cost no digits. A row of norm 0 has cosine 0 with all others and 1 with itself.
 */
export interface Cosines {
  readonly norms: number[];
  readonly cosines: number[][];
}

export function cosinesOf(gram: Matrix): Cosines {
  const norms = diagonal(gram).map((square) => Math.sqrt(Math.max(square, 0)));
  const cosines = gram.map((values, i) =>
    values.map((value, j) => {
      if (i === j) return 1;
      const product = at(norms, i) * at(norms, j);
      if (product === 0) return 0;
      return Math.max(-1, Math.min(1, value / at(norms, i) / at(norms, j)));
    }),
  );
  return { norms, cosines };
}

/**
 * Solves M x = b for a symmetric positive definite M by Cholesky's factorization.
 *
 * @returns null where a pivot is not above `tolerance` times its diagonal entry: M is singular to working precision
 */
export function solvePositive(matrix: Matrix, b: Numbers, tolerance = 0): number[] | null {
  const count = matrix.length;
  const factor: number[][] = [];
  for (let i = 0; i < count; i += 1) {
    const current: number[] = [];
    for (let j = 0; j < i; j += 1) {
      const other = row(factor, j);
      let rest = entry(matrix, i, j);
      for (let k = 0; k < j; k += 1) rest -= at(current, k) * at(other, k);
      current.push(rest / at(other, j));
    }
    const whole = entry(matrix, i, i);
    const pivot = current.reduce((total, value) => total - value * value, whole);
    if (!(pivot > tolerance * whole)) return null;
    current.push(Math.sqrt(pivot));
    factor.push(current);
  }
  const forward: number[] = [];
  for (let i = 0; i < count; i += 1) {
    let rest = at(b, i);
    for (let j = 0; j < i; j += 1) rest -= entry(factor, i, j) * at(forward, j);
    forward.push(rest / entry(factor, i, i));
  }
  const solution = filled(count, 0);
  for (let i = count - 1; i >= 0; i -= 1) {
    let rest = at(forward, i);
    for (let j = i + 1; j < count; j += 1) rest -= entry(factor, j, i) * at(solution, j);
    solution[i] = rest / entry(factor, i, i);
  }
  return solution;
}

/**
 * Solves M x = b for any square M by Gaussian elimination with partial pivoting.
 *
 * @returns null where M is singular to the last bit
 */
export function solve(matrix: Matrix, b: Numbers): number[] | null {
  const count = matrix.length;
  const work = matrix.map((values, index) => [...values, at(b, index)]);
  for (let column = 0; column < count; column += 1) {
    let best = column;
    for (let i = column + 1; i < count; i += 1) {
      if (Math.abs(entry(work, i, column)) > Math.abs(entry(work, best, column))) best = i;
    }
    const pivotRow = row(work, best);
    work[best] = [...row(work, column)];
    work[column] = [...pivotRow];
    const pivot = at(pivotRow, column);
    if (pivot === 0) return null;
    for (let i = column + 1; i < count; i += 1) {
      const ratio = entry(work, i, column) / pivot;
      if (ratio !== 0) work[i] = plus(row(work, i), pivotRow, -ratio);
    }
  }
  const solution = filled(count, 0);
  for (let i = count - 1; i >= 0; i -= 1) {
    let rest = entry(work, i, count);
    for (let j = i + 1; j < count; j += 1) rest -= entry(work, i, j) * at(solution, j);
    solution[i] = rest / entry(work, i, i);
  }
  return solution;
}

/** Eigenvalues, largest first, and their unit eigenvectors in the same order. */
export interface Eigen {
  readonly values: number[];
  readonly vectors: number[][];
}

const sweeps = 64;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub & Van Loan, section 8.5), which keep
 * the relative accuracy of small eigenvalues of a well-scaled matrix.
 */
export function symmetricEigen(matrix: Matrix): Eigen {
  const count = matrix.length;
  const a = matrix.map((values) => Float64Array.from(values));
  const v = matrix.map((_, index) => Float64Array.from(unit(count, index)));
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    let rotated = false;
    for (let p = 0; p < count - 1; p += 1) {
      for (let q = p + 1; q < count; q += 1) rotated = rotate(a, v, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const order = a.map((values, index) => ({ value: at(values, index), index }));
  order.sort((left, right) => right.value - left.value || left.index - right.index);
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ index }) => v.map((values) => at(values, index))),
  };
}

/** One rotation that makes entry (p, q) zero. False where it is zero to working precision already. */
function rotate(a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number): boolean {
  const [ap, aq] = [a[p], a[q]];
  if (!ap || !aq) return false;
  const off = at(ap, q);
  const size = Math.sqrt(Math.abs(at(ap, p))) * Math.sqrt(Math.abs(at(aq, q)));
  if (off === 0 || Math.abs(off) <= 0.25 * epsilon * size) return false;
  const theta = (at(aq, q) - at(ap, p)) / (2 * off);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const [dp, dq] = [at(ap, p) - tangent * off, at(aq, q) + tangent * off];
  for (let k = 0; k < a.length; k += 1) {
    const [left, right] = [at(ap, k), at(aq, k)];
    ap[k] = cosine * left - sine * right;
    aq[k] = sine * left + cosine * right;
  }
  for (const [k, values] of a.entries()) {
    values[p] = at(ap, k);
    values[q] = at(aq, k);
  }
  [ap[p], aq[q], ap[q], aq[p]] = [dp, dq, 0, 0];
  for (const values of v) {
    const [left, right] = [at(values, p), at(values, q)];
    values[p] = cosine * left - sine * right;
    values[q] = sine * left + cosine * right;
  }
  return true;
}

/**
 * A⁺ b of a symmetric positive semidefinite matrix: the shortest least-squares solution. Eigenvalues not above
 * `count · ε · largest` count as zero, as in `torch.linalg.pinv`.
 *
 * @returns the solution and how many eigenvalues were kept
 */
export function pseudoSolve(matrix: Matrix, b: Numbers): { readonly solution: number[]; readonly rank: number } {
  // Far from singular there is nothing to cut off, and eigenvalues would only cost time.
  const plain = solvePositive(matrix, b, 1e-6);
  if (plain) return { solution: plain, rank: matrix.length };
  const { values, vectors } = symmetricEigen(matrix);
  const largest = values[0] ?? 0;
  let solution = filled(b.length, 0);
  let rank = 0;
  for (const [index, value] of values.entries()) {
    if (!(value > matrix.length * epsilon * largest)) break;
    const vector = row(vectors, index);
    solution = plus(solution, vector, dot(vector, b) / value);
    rank += 1;
  }
  return { solution, rank };
}
