/** Linear algebra on `Float64Array`s: the few hundred rows and columns of a linear model, where lists would be slow. */

/** Cholesky factor L of a symmetric positive definite M (row-major, n × n): M = L Lᵀ; null where M is not. */
export function cholesky(matrix: Float64Array, n: number, tolerance = 0): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) rest -= (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
      if (i !== j) factor[i * n + j] = rest / (factor[j * n + j] ?? 1);
      else {
        if (!(rest > tolerance * (matrix[i * n + i] ?? 0))) return null;
        factor[i * n + i] = Math.sqrt(rest);
      }
    }
  }
  return factor;
}

/** Solves L Lᵀ X = B in place of B [n × width], row-major. */
export function solveFactored(factor: Float64Array, n: number, b: Float64Array, width: number): void {
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < width; c++) {
      let rest = b[i * width + c] ?? 0;
      for (let k = 0; k < i; k++) rest -= (factor[i * n + k] ?? 0) * (b[k * width + c] ?? 0);
      b[i * width + c] = rest / (factor[i * n + i] ?? 1);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < width; c++) {
      let rest = b[i * width + c] ?? 0;
      for (let k = i + 1; k < n; k++) rest -= (factor[k * n + i] ?? 0) * (b[k * width + c] ?? 0);
      b[i * width + c] = rest / (factor[i * n + i] ?? 1);
    }
  }
}
