/** Saves the chart of the chosen tab for a paper: vectors, pixels that know their size, or the numbers. */
import { chartPicture, type ChartScene, type LegendLine } from '../charts/chart-picture.ts';
import { isHidden } from '../charts/source.ts';
import { button, type Control } from '../controls.ts';
import { exportChoiceFrom, type ExportChoice } from '../export/choice.ts';
import { ExportPanel, type SavedFormat } from '../export/panel.ts';
import { base64, printDpi, toPng, type PictureFile } from '../export/picture-file.ts';
import type { ExportWords } from '../export/strings.ts';
import type { LossHistory } from '../../src/messages/history.ts';
import { icon } from '../icons.ts';
import type { ChartLegend, ShownChart } from './view.ts';

interface Services {
  readonly words: ExportWords;
  readonly saved: unknown;
  readonly remember: (choice: ExportChoice) => void;
  /** What is to be drawn now; null where there is no chart. */
  readonly scene: () => ChartScene | null;
  readonly save: (format: 'svg' | 'png', base64: string) => void;
  readonly saveNumbers: () => void;
  readonly fail: (message: string) => void;
}

export class ChartExport {
  readonly button: Control;
  readonly node: HTMLElement;
  readonly #services: Services;
  readonly #panel: ExportPanel;

  constructor(services: Services) {
    this.#services = services;
    const { words, saved, remember } = services;
    this.#panel = new ExportPanel(
      words,
      exportChoiceFrom(saved),
      {
        onChange: (choice) => {
          remember(choice);
          this.#measure();
        },
        onSave: (format) => {
          this.#save(format).catch((error: unknown) => {
            const message = error instanceof Error ? error.message : String(error);
            this.#panel.say(message);
            services.fail(message);
          });
        },
      },
      { size: true, numbers: true },
    );
    this.node = this.#panel.node;
    const onClick = (): void => this.#open(this.button.getAttribute('aria-pressed') !== 'true');
    this.button = button({ testId: 'export-picture', label: words.exportPicture, icon: icon('picture'), onClick });
    this.button.setAttribute('aria-pressed', 'false');
  }

  /** @param there whether there is a chart */
  update(there: boolean): void {
    this.button.disabled = !there;
    if (!there && !this.node.hidden) this.#open(false);
  }

  #open(open: boolean): void {
    this.node.hidden = !open;
    this.button.setAttribute('aria-pressed', String(open));
    if (open) this.#measure();
  }

  #drawn(): (PictureFile & { readonly asked: number }) | null {
    const scene = this.#services.scene();
    const { height, width } = this.#panel.size();
    return scene && { ...chartPicture(scene, this.#panel.style(), { width, height }), asked: height };
  }

  #measure(): void {
    const drawn = this.#drawn();
    if (drawn === null) return;
    const higher = drawn.height > drawn.asked + 0.5;
    this.#panel.showSize(drawn.width, drawn.height, higher ? this.#services.words.higher : '');
  }

  async #save(format: SavedFormat): Promise<void> {
    const { save, saveNumbers, words } = this.#services;
    if (format === 'csv') {
      saveNumbers();
      return;
    }
    const drawn = this.#drawn();
    if (drawn === null) return;
    const blob = format === 'svg' ? new Blob([drawn.text]) : await toPng(drawn, printDpi);
    if (blob === null) throw new Error(words.tooLarge);
    save(format, base64(new Uint8Array(await blob.arrayBuffer())));
  }
}

/** What the legend of the screen says, as lines: curves that are shown, what their styles mean, and other runs. */
export function legendLines(
  legend: ChartLegend,
  history: LossHistory,
  { source }: ShownChart,
  others: readonly LegendLine[],
): readonly LegendLine[] {
  const entries = legend.entries(history).filter(({ task }) => !isHidden(source, task));
  return [
    ...entries.map(({ task, name }): LegendLine => ({ text: name, task, style: task === null ? 'total' : 'bold' })),
    ...legend.key().map(([style, text]): LegendLine => ({ text, task: 'neutral', style })),
    ...others,
  ];
}
