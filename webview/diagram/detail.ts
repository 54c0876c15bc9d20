/** From afar a node shows its name alone, as large as its box allows: small print nobody could read goes. */

/** Below this scale the small lines are no longer legible. */
const legible = 0.55;

export function showDetail(stage: HTMLElement, scale: number): void {
  stage.dataset['detail'] = scale < legible ? 'names' : 'all';
}

/** Works out, once a drawing, where a name goes when it stands alone. The picture must be in the page. */
export function measureNames(picture: SVGSVGElement): void {
  for (const text of picture.querySelectorAll<SVGTextElement>('g.node .label text')) {
    const first = text.querySelector<SVGTSpanElement>('tspan.text-outer-tspan');
    const box = text.getBBox();
    const length = first?.textContent.trimEnd().length ?? 0;
    if (first === null || length === 0 || text.childElementCount < 2) continue;
    const start = text.getStartPositionOfChar(0);
    const end = text.getEndPositionOfChar(length - 1);
    const width = Math.max(1, end.x - start.x);
    const size = Number.parseFloat(getComputedStyle(text).fontSize) || 13;
    const scale = Math.min(3, (box.width * 1.05) / width, (box.height * 0.9) / size);
    const [x, y] = [(start.x + end.x) / 2, start.y - size * 0.35];
    // The middle of the node, as its label sees it.
    const placed = text.closest<SVGGElement>('.label')?.transform.baseVal.consolidate()?.matrix;
    const [middle, center] = [-(placed?.e ?? 0), -(placed?.f ?? 0)];
    const moved = `translate(${String(middle - scale * x)}px, ${String(center - scale * y)}px) scale(${String(scale)})`;
    text.style.setProperty('--alone', moved);
  }
}
