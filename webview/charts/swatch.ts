/** Samples of curves as the chart draws them, beside their names. */
import { svg } from '../dom.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { runStroke } from './run-stroke.ts';
import { strokeOf, type CurveStyle } from './stroke.ts';

/** A run's dash and opacity, of whichever task. */
export function runSwatch(run: number): SVGElement {
  const { width, dash, alpha } = runStroke(run);
  const line = {
    ...{ x1: '0', x2: '36', y1: '5', y2: '5', stroke: palette().foreground, 'stroke-width': String(width) },
    ...{ 'stroke-dasharray': dash.join(' '), 'stroke-opacity': String(alpha) },
  };
  const size = { width: '36', height: '10', 'aria-hidden': 'true', class: 'swatch' };
  return svg('svg', size, svg('line', line));
}

/** @param task place in the spec; null: of all tasks; `neutral`: of whichever task */
export function swatch(task: number | 'neutral' | null, style: CurveStyle): SVGElement {
  const color = typeof task === 'number' ? taskColor(task) : palette().foreground;
  const { width, dash, alpha, points } = strokeOf(style, typeof task === 'number' ? taskDash(task) : []);
  const line = {
    ...{ x1: '0', x2: '24', y1: '5', y2: '5', stroke: color },
    ...{ 'stroke-width': String(width + 0.5), 'stroke-dasharray': dash.join(' '), 'stroke-opacity': String(alpha) },
  };
  const dots = points ? [4, 20].map((x) => svg('circle', { cx: String(x), cy: '5', r: '2.5', fill: color })) : [];
  const size = { width: '24', height: '10', 'aria-hidden': 'true', class: 'swatch' };
  return svg('svg', size, svg('line', line), ...dots);
}
