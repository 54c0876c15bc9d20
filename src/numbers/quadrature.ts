/** Gauss–Legendre quadrature. */

interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Nodes and weights for [−1, 1]: roots of Pₙ by Newton's method from cos(π(i − ¼)/(n + ½)) (Press et al., 4.6). */
function makeRule(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step += 1) {
      let [before, now] = [1, x];
      for (let k = 2; k <= n; k += 1) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      slope = (n * (x * now - before)) / (x * x - 1);
      const move = now / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** Exact for polynomials up to degree 31 on each panel. */
const rule = makeRule(16);

/** Nodes and weights of `panels` equal panels of 16 nodes over [low, high]: ∫ f ≈ Σ weightᵢ f(nodeᵢ). */
export function quadrature(low: number, high: number, panels: number): Rule {
  const each = rule.nodes.length;
  const nodes = new Float64Array(panels * each);
  const weights = new Float64Array(panels * each);
  const half = (high - low) / panels / 2;
  for (let panel = 0; panel < panels; panel += 1) {
    const center = low + (2 * panel + 1) * half;
    for (const [i, x] of rule.nodes.entries()) {
      nodes[panel * each + i] = center + half * x;
      weights[panel * each + i] = half * (rule.weights[i] ?? NaN);
    }
  }
  return { nodes, weights };
}

/** ∫ f over [low, high] with the same panels. */
export function integral(f: (x: number) => number, low: number, high: number, panels: number): number {
  const { nodes, weights } = quadrature(low, high, panels);
  let total = 0;
  for (const [i, x] of nodes.entries()) total += (weights[i] ?? NaN) * f(x);
  return total;
}
