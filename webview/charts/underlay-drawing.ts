/** Draws what lies under a chart's own curves. */
import type uPlot from 'uplot';
import { taskColor, taskDash } from '../theme.ts';
import type { Scale } from './scale.ts';
import type { Underlay } from './source.ts';
import { strokeOfUnderlay } from './underlay.ts';

/** @param ratio device pixels a CSS pixel */
export function drawUnderlays(plot: uPlot, under: readonly Underlay[], scale: Scale, ratio: number): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const left = (x: number): number => plot.valToPos(x, 'x', true);
  const top = (y: number): number | null => {
    const drawn = scale.draw(y);
    return drawn === null ? null : plot.valToPos(drawn, 'y', true);
  };
  for (const one of under) {
    ctx.strokeStyle = ctx.fillStyle = taskColor(one.task);
    if (one.sd) drawBand(ctx, one, one.sd, left, (y) => top(y) ?? bbox.top + bbox.height);
    const { width, dash, alpha } = strokeOfUnderlay(one, taskDash(one.task));
    ctx.globalAlpha = alpha;
    ctx.lineWidth = width * ratio;
    ctx.setLineDash(dash.map((length) => length * ratio));
    ctx.beginPath();
    let open = false;
    one.x.forEach((x, at) => {
      const value = one.y[at];
      const place = typeof value === 'number' ? top(value) : null;
      if (place === null) open = false;
      else if (open) ctx.lineTo(left(x), place);
      else ctx.moveTo(left(x), place);
      if (place !== null) open = true;
    });
    ctx.stroke();
  }
  ctx.restore();
}

/** @param top foot of the chart for what a log scale has no place for */
function drawBand(
  ctx: CanvasRenderingContext2D,
  { x, y }: Underlay,
  sd: readonly number[],
  left: (x: number) => number,
  top: (y: number) => number,
): void {
  const edge = (sign: 1 | -1) =>
    x.flatMap((place, at) => {
      const value = y[at];
      return typeof value === 'number' ? [[left(place), top(value + sign * (sd[at] ?? 0))] as const] : [];
    });
  ctx.globalAlpha = 0.15;
  ctx.beginPath();
  for (const [across, down] of [...edge(1), ...edge(-1).reverse()]) ctx.lineTo(across, down);
  ctx.closePath();
  ctx.fill();
}
