/** The diagram page: picture, toolbar, and the way from a node to its text and back. */
import type { Diagram } from '../../src/plan/plan.ts';
import type { DiagramToHost, DiagramToPage } from '../../src/messages/protocol.ts';
import { button } from '../controls.ts';
import { element, svg } from '../dom.ts';
import { icon, type IconName } from '../icons.ts';
import { onThemeChange } from '../theme.ts';
import { drawLedger } from './ledger-edges.ts';
import { LedgerPanel } from './ledger-panel.ts';
import { draw, toFile, toPng } from './render.ts';
import type { Strings } from './strings.ts';
import { Viewport, type View } from './viewport.ts';

export class DiagramPage {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: DiagramToHost) => void;
  readonly #stage = element('div', { class: 'stage' });
  readonly #notice = element('p', { class: 'notice', role: 'status' });
  readonly #viewport: Viewport;
  #savedView: View | null;
  #diagram: Diagram | null = null;
  #picture: SVGSVGElement | null = null;
  #name = 'diagram';
  #highlighted: string | null = null;
  #losses: readonly (readonly [string, string])[] = [];
  readonly #ledger: LedgerPanel;
  #drawing: Promise<void> = Promise.resolve();

  constructor(
    strings: Strings,
    post: (message: DiagramToHost) => void,
    saved: View | null,
    save: (view: View) => void,
  ) {
    this.#strings = strings;
    this.#post = post;
    this.#savedView = saved;
    this.#ledger = new LedgerPanel(strings, {
      onShow: (shown) => {
        if (this.#diagram) drawLedger(this.#stage, this.#diagram, shown, strings);
      },
      onSplit: (task) => post({ type: 'split', task }),
    });
    this.#ledger.node.hidden = true;
    const frame = element('div', { class: 'frame', title: strings.hint }, this.#stage);
    this.#viewport = new Viewport(frame, this.#stage, save);
    this.node = element(
      'main',
      { class: 'diagram', 'data-testid': 'diagram', 'data-state': 'error' },
      element('h1', { class: 'visually-hidden' }, strings.heading),
      this.#toolbar(),
      this.#notice,
      frame,
      this.#ledger.node,
    );
    this.#stage.addEventListener('click', (event) => this.#reveal(nodeOf(event.target)));
    this.node.addEventListener('keydown', (event) => this.#key(event));
    onThemeChange(() => this.#redraw());
  }

  receive(message: DiagramToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#name = message.name;
        this.#showProblem(message.diagram, message.problem);
        if (message.diagram && JSON.stringify(message.diagram) !== JSON.stringify(this.#diagram)) {
          this.#diagram = message.diagram;
          this.#redraw();
        }
        break;
      case 'highlight':
        this.#highlighted = message.node;
        this.#applyHighlight();
        break;
      case 'losses':
        this.#losses = message.losses;
        this.#applyLosses();
        break;
      case 'ledger':
        this.#ledger.update(message.ledger, message.problem);
        break;
    }
  }

  /** Opens or closes the ledger; what it drew goes with it. */
  #toggleLedger(control: HTMLElement): void {
    const open = this.#ledger.node.hidden === true;
    this.#ledger.node.hidden = !open;
    control.setAttribute('aria-pressed', String(open));
    this.#post({ type: 'ledger', open });
    if (!open) this.#redraw();
  }

  #toolbar(): HTMLElement {
    const make = (testId: string, label: string, name: IconName, onClick: () => void): HTMLElement =>
      button({ testId, label, icon: icon(name), onClick });
    const ledger = button({
      ...{ testId: 'view-ledger', label: this.#strings.ledger },
      onClick: () => this.#toggleLedger(ledger),
    });
    ledger.setAttribute('aria-pressed', 'false');
    const { zoomIn, zoomOut, fit, copy, saveSvg, savePng } = this.#strings;
    return element(
      'div',
      { class: 'toolbar', role: 'toolbar' },
      make('zoom-in', zoomIn, 'zoomIn', () => this.#viewport.zoom(1.25)),
      make('zoom-out', zoomOut, 'zoomOut', () => this.#viewport.zoom(0.8)),
      make('fit', fit, 'fit', () => this.#viewport.fit()),
      make('copy', copy, 'copy', () => this.#post({ type: 'copy', text: this.#diagram?.mermaid ?? '' })),
      button({ testId: 'save-svg', label: saveSvg, icon: 'SVG', onClick: () => this.#saveSvg() }),
      button({ testId: 'save-png', label: savePng, icon: 'PNG', onClick: () => void this.#savePng() }),
      ledger,
    );
  }

  #showProblem(diagram: Diagram | null, problem: string | null): void {
    this.node.dataset['state'] = problem === null ? 'ok' : diagram ? 'stale' : 'error';
    this.#notice.hidden = problem === null;
    if (problem !== null) this.#notice.textContent = (diagram ? this.#strings.stale : this.#strings.nothing)(problem);
  }

  /** One drawing after another: Mermaid's renderer must not be entered twice. */
  #redraw(): void {
    this.#drawing = this.#drawing.then(async () => {
      const diagram = this.#diagram;
      if (!diagram) return;
      try {
        this.#place(await draw(diagram));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#showProblem(this.#picture ? diagram : null, message);
        this.#post({ type: 'error', message });
      }
    });
  }

  #place(picture: SVGSVGElement): void {
    const first = this.#picture === null;
    this.#picture = picture;
    this.#stage.replaceChildren(picture);
    const { width, height } = picture.viewBox.baseVal;
    picture.setAttribute('width', String(width));
    picture.setAttribute('height', String(height));
    this.#viewport.setSize(width, height);
    // Typing keeps pan and zoom as the person left them; only the first picture is fitted.
    if (first && this.#savedView && this.#savedView.fitted !== true) this.#viewport.set(this.#savedView);
    else if (first) this.#viewport.fit();
    this.#savedView = null;
    this.#applyHighlight();
    this.#applyLosses();
    if (!this.#ledger.node.hidden) this.#ledger.redraw();
  }

  #applyHighlight(): void {
    for (const node of this.#nodes()) node.classList.toggle('highlighted', node.dataset['id'] === this.#highlighted);
  }

  /** Writes each task's live loss below its node. */
  #applyLosses(): void {
    for (const old of this.#stage.querySelectorAll('.live-loss')) old.remove();
    const losses = new Map(this.#losses);
    for (const node of this.#nodes()) {
      const text = node.dataset['kind'] === 'task' ? losses.get(node.dataset['name'] ?? '') : undefined;
      if (text === undefined) continue;
      const shape = node.querySelector<SVGGraphicsElement>('.label-container, rect, polygon');
      const box = shape?.getBBox();
      if (!box) continue;
      const place = { x: String(box.x + box.width), y: String(box.y - 4), 'text-anchor': 'end', class: 'live-loss' };
      node.append(svg('text', { ...place, 'data-testid': 'live-loss' }, text));
    }
  }

  #nodes(): SVGGElement[] {
    return [...this.#stage.querySelectorAll<SVGGElement>('g[data-testid="node"]')];
  }

  #reveal(node: SVGGElement | null): void {
    const pointer = this.#diagram?.nodes.find((candidate) => candidate.id === node?.dataset['id'])?.pointer;
    if (pointer !== undefined && pointer !== null) this.#post({ type: 'reveal', pointer });
  }

  #key(event: KeyboardEvent): void {
    const node = nodeOf(event.target);
    const arrows: Readonly<Record<string, 'from' | 'to'>> = { ArrowDown: 'to', ArrowUp: 'from' };
    const direction = arrows[event.key];
    if (node && event.key === 'Enter') this.#reveal(node);
    else if (node && direction) this.#follow(node, direction);
    else if (node && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) this.#sideways(node, event.key);
    else if (event.key === '+' || event.key === '=') this.#viewport.zoom(1.25);
    else if (event.key === '-') this.#viewport.zoom(0.8);
    else if (event.key === '0') this.#viewport.fit();
    else return;
    event.preventDefault();
  }

  /** Moves the focus along the first edge down or up. */
  #follow(node: SVGGElement, direction: 'from' | 'to'): void {
    const id = node.dataset['id'];
    const edge = this.#diagram?.edges.find((candidate) => candidate[direction === 'to' ? 'from' : 'to'] === id);
    this.#focus(edge?.[direction]);
  }

  /** Moves the focus among the nodes that the same node leads to. */
  #sideways(node: SVGGElement, key: 'ArrowLeft' | 'ArrowRight'): void {
    const edges = this.#diagram?.edges ?? [];
    const id = node.dataset['id'] ?? '';
    const parent = edges.find((edge) => edge.to === id)?.from;
    const siblings = edges.filter((edge) => edge.from === parent).map((edge) => edge.to);
    const place = siblings.indexOf(id) + (key === 'ArrowRight' ? 1 : -1);
    this.#focus(siblings.at(place % Math.max(1, siblings.length)));
  }

  #focus(id: string | undefined): void {
    this.#nodes()
      .find((node) => node.dataset['id'] === id)
      ?.focus();
  }

  #saveSvg(): void {
    if (!this.#picture) return;
    const bytes = new TextEncoder().encode(toFile(this.#picture).text);
    this.#saveBlob('svg', new Blob([bytes]));
  }

  async #savePng(): Promise<void> {
    if (this.#picture) this.#saveBlob('png', await toPng(this.#picture));
  }

  #saveBlob(format: 'svg' | 'png', blob: Blob): void {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      const base64 = url.replace(/^[^,]*,/, '');
      this.#post({ type: 'save', format, name: `${this.#name}.${format}`, base64 });
    };
    reader.readAsDataURL(blob);
  }
}

function nodeOf(target: EventTarget | null): SVGGElement | null {
  return target instanceof Element ? target.closest<SVGGElement>('g[data-testid="node"]') : null;
}
