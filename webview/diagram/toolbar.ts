/** The buttons above the picture. */
import type { Diagram } from '../../src/plan/plan.ts';
import { button, type Control } from '../controls.ts';
import { element } from '../dom.ts';
import { icon, type IconName } from '../icons.ts';
import type { Strings } from './strings.ts';

interface Actions {
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  /** From top to bottom, or from left to right. */
  readonly turn: () => void;
  readonly collapse: () => void;
  readonly copy: () => void;
  readonly save: (format: 'svg' | 'png') => void;
  readonly exporting: (open: boolean) => void;
  readonly ledger: (open: boolean) => void;
  readonly compare: () => void;
}

export class Toolbar {
  readonly node: HTMLElement;
  readonly #turn: Control;
  readonly #collapse: Control;
  readonly #ledger: Control;

  constructor(strings: Strings, actions: Actions) {
    const make = (testId: string, label: string, name: IconName, onClick: () => void): Control =>
      button({ testId, label, icon: icon(name), onClick });
    this.#turn = make('direction', strings.leftToRight, 'turn', actions.turn);
    this.#collapse = make('collapse', strings.collapse, 'collapse', actions.collapse);
    this.#ledger = toggle('view-ledger', strings.ledger, actions.ledger);
    this.node = element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': strings.heading },
      make('zoom-in', strings.zoomIn, 'zoomIn', () => actions.zoom(1.25)),
      make('zoom-out', strings.zoomOut, 'zoomOut', () => actions.zoom(0.8)),
      make('fit', strings.fit, 'fit', actions.fit),
      this.#turn,
      this.#collapse,
      make('copy', strings.copy, 'copy', actions.copy),
      button({ testId: 'save-svg', label: strings.saveSvg, icon: 'SVG', onClick: () => actions.save('svg') }),
      button({ testId: 'save-png', label: strings.savePng, icon: 'PNG', onClick: () => actions.save('png') }),
      toggle('export', strings.exportPicture, actions.exporting, icon('export')),
      make('compare', strings.compare, 'compare', actions.compare),
      this.#ledger,
    );
  }

  /** As a press on its button would. */
  closeLedger(): void {
    if (this.#ledger.getAttribute('aria-pressed') === 'true') this.#ledger.click();
  }

  /** What the buttons say of this picture. */
  show({ direction, groups, difference }: Diagram, collapsed: boolean): void {
    this.#turn.setAttribute('aria-pressed', String(direction === 'LR'));
    this.#collapse.setAttribute('aria-pressed', String(collapsed));
    this.#collapse.hidden = collapsed && groups.length === 0;
    // Of two specs there is no one run.
    this.#ledger.hidden = difference !== undefined;
  }
}

function toggle(testId: string, label: string, onToggle: (open: boolean) => void, face?: SVGElement): Control {
  const control = button({
    ...{ testId, label },
    ...(face === undefined ? {} : { icon: face }),
    onClick: () => {
      const open = control.getAttribute('aria-pressed') !== 'true';
      control.setAttribute('aria-pressed', String(open));
      onToggle(open);
    },
  });
  control.setAttribute('aria-pressed', 'false');
  return control;
}
