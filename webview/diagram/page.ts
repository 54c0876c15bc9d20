/** The diagram page: picture, toolbar, and the way from a node to its text and back. */
import type { Diagram } from '../../src/plan/plan.ts';
import type { DiagramToHost, DiagramToPage } from '../../src/messages/protocol.ts';
import { element, setText } from '../dom.ts';
import type { ExportChoice } from '../export/choice.ts';
import { ExportPanel } from '../export/panel.ts';
import { base64, printDpi, toFile, toPng } from '../export/picture-file.ts';
import { themeStyle } from '../export/picture-style.ts';
import { onThemeChange } from '../theme.ts';
import { measureNames, showDetail } from './detail.ts';
import { DifferenceBar } from './difference-bar.ts';
import { drawLedger } from './ledger-edges.ts';
import { LedgerPanel } from './ledger-panel.ts';
import { isArrow, neighbor } from './navigation.ts';
import { showLosses, type NodeLosses } from './node-losses.ts';
import { draw } from './render.ts';
import type { Strings } from './strings.ts';
import { Toolbar } from './toolbar.ts';
import { Viewport, type View } from './viewport.ts';

/** What the page remembers: where it looks, and what of the alike is drawn one by one. */
export interface Remembered {
  readonly view: View | null;
  readonly collapse: boolean;
  readonly opened: readonly string[];
  readonly exporting: ExportChoice;
}

const screenDpi = 2 * 96;

export class DiagramPage {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: DiagramToHost) => void;
  readonly #save: (state: Remembered) => void;
  readonly #stage = element('div', { class: 'stage' });
  readonly #notice = element('p', { class: 'notice', role: 'status' });
  readonly #footnote = element('p', { class: 'footnote', 'data-testid': 'sizes' });
  readonly #viewport: Viewport;
  readonly #toolbar: Toolbar;
  readonly #ledger: LedgerPanel;
  readonly #export: ExportPanel;
  readonly #difference: DifferenceBar;
  #remembered: Remembered;
  #diagram: Diagram | null = null;
  #picture: SVGSVGElement | null = null;
  #name = 'diagram';
  #highlighted: string | null = null;
  #losses: NodeLosses = { losses: [], about: '', final: false };
  /** The next picture is another view of the same: fitted anew. */
  #refit = false;
  /** Node that gets the focus when the next picture is there. */
  #focusNext: string | null = null;
  #drawing: Promise<void> = Promise.resolve();

  constructor(
    strings: Strings,
    post: (message: DiagramToHost) => void,
    saved: Remembered,
    save: (state: Remembered) => void,
  ) {
    this.#strings = strings;
    this.#post = post;
    this.#save = save;
    this.#remembered = saved;
    this.#ledger = new LedgerPanel(strings, {
      onShow: (shown) => {
        if (this.#diagram) drawLedger(this.#stage, this.#diagram, shown, strings);
      },
      onSplit: (task) => post({ type: 'split', task }),
    });
    this.#ledger.node.hidden = true;
    this.#difference = new DifferenceBar(strings, () => {
      this.#refit = true;
      post({ type: 'endComparison' });
    });
    this.#export = new ExportPanel(strings, saved.exporting, {
      onChange: (exporting) => {
        this.#remember({ exporting });
        this.#queue(() => this.#measureForPaper());
      },
      onSave: (format) => this.#queue(async () => format !== 'csv' && this.#saveForPaper(format)),
    });
    const frame = element('div', { class: 'frame', title: strings.hint }, this.#stage);
    this.#viewport = new Viewport(frame, this.#stage, (view) => {
      showDetail(this.#stage, view.scale);
      this.#remember({ view });
    });
    this.#toolbar = new Toolbar(strings, {
      zoom: (factor) => this.#viewport.zoom(factor),
      fit: () => this.#viewport.fit(),
      turn: () => this.#turn(),
      collapse: () => this.#change({ collapse: !this.#remembered.collapse, opened: [] }),
      copy: () => post({ type: 'copy', text: this.#diagram?.mermaid ?? '' }),
      save: (format) => this.#queue(() => this.#saveShown(format)),
      exporting: (open) => this.#toggleExport(open),
      ledger: (open) => this.#toggleLedger(open),
      compare: () => post({ type: 'compare' }),
    });
    this.node = element(
      'main',
      { class: 'diagram', 'data-testid': 'diagram', 'data-state': 'error' },
      element('h1', { class: 'visually-hidden' }, strings.heading),
      this.#toolbar.node,
      this.#difference.node,
      this.#export.node,
      this.#notice,
      frame,
      this.#footnote,
      this.#ledger.node,
    );
    this.#stage.addEventListener('click', (event) => this.#act(nodeOf(event.target)));
    this.node.addEventListener('keydown', (event) => this.#key(event));
    onThemeChange(() => this.#redraw());
  }

  receive(message: DiagramToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#name = message.name;
        this.#showProblem(message.diagram, message.problem);
        if (message.diagram) this.#take(message.diagram);
        break;
      case 'highlight':
        this.#highlighted = message.node;
        this.#applyHighlight();
        break;
      case 'losses':
        this.#losses = { losses: message.losses, about: message.about ?? '', final: message.final === true };
        showLosses(this.#nodes(), this.#losses);
        break;
      case 'ledger':
        this.#ledger.update(message.ledger, message.problem);
        break;
    }
  }

  #take(diagram: Diagram): void {
    setText(this.#footnote, diagram.note);
    this.#toolbar.show(diagram, this.#remembered.collapse);
    this.#difference.show(diagram.difference);
    // Another picture altogether: where the person looked in the one before means nothing.
    if (diagram.difference?.second !== this.#diagram?.difference?.second && this.#diagram !== null) this.#refit = true;
    if (diagram.difference !== undefined && !this.#ledger.node.hidden) this.#toolbar.closeLedger();
    if (JSON.stringify(diagram) === JSON.stringify(this.#diagram)) return;
    this.#diagram = diagram;
    this.#redraw();
  }

  #remember(change: Partial<Remembered>): void {
    this.#remembered = { ...this.#remembered, ...change };
    this.#save(this.#remembered);
  }

  /** Another choice of what is drawn: the host draws it, since only it knows the plan. */
  #change(change: Partial<Remembered>): void {
    this.#remember(change);
    const { collapse, opened } = this.#remembered;
    this.#refit = this.#viewport.view.fitted === true || 'collapse' in change;
    this.#post({ type: 'view', collapse, opened });
  }

  #turn(): void {
    const { collapse, opened } = this.#remembered;
    this.#refit = true;
    this.#post({ type: 'view', direction: this.#diagram?.direction === 'LR' ? 'TB' : 'LR', collapse, opened });
  }

  /** Opens or closes the ledger; what it drew goes with it. */
  #toggleLedger(open: boolean): void {
    this.#ledger.node.hidden = !open;
    this.#post({ type: 'ledger', open });
    if (!open) this.#redraw();
  }

  #toggleExport(open: boolean): void {
    this.#export.node.hidden = !open;
    if (open) this.#queue(() => this.#measureForPaper());
  }

  #showProblem(diagram: Diagram | null, problem: string | null): void {
    this.node.dataset['state'] = problem === null ? 'ok' : diagram ? 'stale' : 'error';
    this.#notice.hidden = problem === null;
    if (problem !== null) this.#notice.textContent = (diagram ? this.#strings.stale : this.#strings.nothing)(problem);
  }

  /** One drawing after another: Mermaid's renderer must not be entered twice. What goes wrong is told. */
  #queue(work: () => Promise<unknown>): void {
    this.#drawing = this.#drawing
      .then(work)
      .then(() => undefined)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.#showProblem(this.#picture ? this.#diagram : null, message);
        this.#post({ type: 'error', message });
      });
  }

  #redraw(): void {
    this.#queue(async () => {
      if (this.#diagram) this.#place(await draw(this.#diagram, themeStyle()));
      if (!this.#export.node.hidden) await this.#measureForPaper();
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
    measureNames(picture);
    // Typing keeps pan and zoom as the person left them; only the first picture is fitted, and another view of it.
    const saved = this.#remembered.view;
    if (first && saved && saved.fitted !== true) this.#viewport.set(saved);
    else if (first || this.#refit) this.#viewport.fit();
    this.#refit = false;
    this.#applyHighlight();
    showLosses(this.#nodes(), this.#losses);
    if (!this.#ledger.node.hidden) this.#ledger.redraw();
    if (this.#focusNext !== null) this.#focusGroup(this.#focusNext);
    this.#focusNext = null;
  }

  #applyHighlight(): void {
    for (const node of this.#nodes()) node.classList.toggle('highlighted', node.dataset['id'] === this.#highlighted);
  }

  #nodes(): SVGGElement[] {
    return [...this.#stage.querySelectorAll<SVGGElement>('g[data-testid="node"]')];
  }

  #known(node: SVGGElement | null): Diagram['nodes'][number] | undefined {
    return this.#diagram?.nodes.find(({ id }) => id === node?.dataset['id']);
  }

  /** Opens what stands for many; shows the text of what stands for itself. */
  #act(node: SVGGElement | null): void {
    const known = this.#known(node);
    if (known?.group !== undefined) {
      const { id } = known.group;
      this.#focusNext = id;
      this.#change({ opened: [...new Set([...this.#remembered.opened, id])] });
    } else if (known !== undefined && known.pointer !== null) {
      this.#post({ type: 'reveal', pointer: known.pointer });
    }
  }

  /** Draws the siblings of a member as one again. */
  #close(node: SVGGElement): boolean {
    const group = this.#known(node)?.memberOf;
    if (group === undefined) return false;
    this.#focusNext = group;
    this.#change({ opened: this.#remembered.opened.filter((one) => one !== group) });
    return true;
  }

  #focusGroup(id: string): void {
    const found = this.#diagram?.nodes.find(({ group, memberOf }) => (group?.id ?? memberOf) === id);
    this.#focus(found?.id);
  }

  #key(event: KeyboardEvent): void {
    const node = nodeOf(event.target);
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (typing) return;
    if (node && event.key === 'Enter') this.#act(node);
    else if (node && isArrow(event.key) && this.#diagram) {
      this.#focus(neighbor(this.#diagram, node.dataset['id'] ?? '', event.key));
    } else if (node && event.key === 'Escape') {
      if (!this.#close(node)) return;
    } else if (event.key === '+' || event.key === '=') this.#viewport.zoom(1.25);
    else if (event.key === '-') this.#viewport.zoom(0.8);
    else if (event.key === '0') this.#viewport.fit();
    else return;
    event.preventDefault();
  }

  #focus(id: string | undefined): void {
    this.#nodes()
      .find((node) => node.dataset['id'] === id)
      ?.focus();
  }

  // ---- files -----------------------------------------------------------------------------------------------------

  async #saveShown(format: 'svg' | 'png'): Promise<void> {
    if (this.#picture) await this.#saveAs(format, this.#picture, themeStyle().background, screenDpi);
  }

  async #saveForPaper(format: 'svg' | 'png'): Promise<void> {
    const style = this.#export.style();
    if (!this.#diagram) return;
    await this.#saveAs(format, await this.#drawnFor(this.#diagram), style.background, printDpi);
  }

  /** Drawn anew with the chosen letters, which are as wide as they are, and with the losses that are shown. */
  async #drawnFor(diagram: Diagram): Promise<SVGSVGElement> {
    const picture = await draw(diagram, this.#export.style());
    const place = element('div', { class: 'visually-hidden', 'aria-hidden': 'true', inert: '' }, picture);
    document.body.append(place);
    showLosses([...picture.querySelectorAll<SVGGElement>('g[data-testid="node"]')], this.#losses);
    place.remove();
    return picture;
  }

  async #measureForPaper(): Promise<void> {
    if (!this.#diagram) return;
    const { width, height } = (await draw(this.#diagram, this.#export.style())).viewBox.baseVal;
    this.#export.showSize(width, height);
  }

  async #saveAs(format: 'svg' | 'png', picture: SVGSVGElement, background: string, dpi: number): Promise<void> {
    const file = toFile(picture, background);
    const blob = format === 'svg' ? new Blob([file.text]) : await toPng(file, dpi);
    if (blob === null) throw new Error(this.#strings.tooLarge);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    this.#post({ type: 'save', format, name: `${this.#name}.${format}`, base64: base64(bytes) });
  }
}

function nodeOf(target: EventTarget | null): SVGGElement | null {
  return target instanceof Element ? target.closest<SVGGElement>('g[data-testid="node"]') : null;
}
