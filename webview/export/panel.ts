/** What a picture for a paper is to look like: background, letters and their size, and how large it then is. */
import { button, dropdown } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { bounds, within, type ExportChoice, type Measure } from './choice.ts';
import { millimeters, pixelsOfMillimeters } from './picture-file.ts';
import { paperStyle, type PictureStyle } from './paper-style.ts';
import { themeStyle } from './picture-style.ts';
import type { ExportWords } from './strings.ts';

type Font = ExportChoice['font'];

const families: Readonly<Record<Exclude<Font, 'window' | 'own'>, string>> = {
  sans: 'Arial, Helvetica, "Liberation Sans", "Noto Sans CJK SC", sans-serif',
  serif: '"Times New Roman", Times, "Liberation Serif", "Noto Serif CJK SC", serif',
};

/** A point is 1/72 inch, a CSS pixel 1/96. */
const pixelsOf = (points: number): number => (points * 96) / 72;

export type SavedFormat = 'svg' | 'png' | 'csv';

interface Listener {
  /** Something was chosen: the size on paper is another one. */
  readonly onChange: (choice: ExportChoice) => void;
  readonly onSave: (format: SavedFormat) => void;
}

/** What is offered beside background and letters. */
interface Offers {
  /** Width and height: the picture has no size of its own. */
  readonly size?: boolean;
  /** The numbers behind the picture. */
  readonly numbers?: boolean;
}

export class ExportPanel {
  readonly node: HTMLElement;
  readonly #words: ExportWords;
  readonly #onChange: Listener['onChange'];
  readonly #size = element('output', { 'data-testid': 'export-size', 'aria-live': 'polite' });
  readonly #own: HTMLInputElement;
  #choice: ExportChoice;

  /** @param saved what the person chose the last time */
  constructor(words: ExportWords, saved: ExportChoice, { onChange, onSave }: Listener, offers: Offers = {}) {
    this.#words = words;
    this.#choice = saved;
    this.#onChange = onChange;
    const background = dropdown<ExportChoice['background']>({
      ...{ testId: 'export-background', label: words.background, value: saved.background },
      choices: [['white', words.white], ['transparent', words.transparent], ['theme', words.asShown]], // prettier-ignore
      onChange: (value) => this.#choose({ background: value }),
    });
    const font = dropdown<Font>({
      ...{ testId: 'export-font', label: words.font, value: saved.font },
      choices: [['sans', words.sans], ['serif', words.serif], ['window', words.windowFont], ['own', words.ownFont]], // prettier-ignore
      onChange: (value) => this.#choose({ font: value }),
    });
    const named = { 'data-testid': 'export-own-font', 'aria-label': words.ownFont, placeholder: 'Libertinus Serif' };
    this.#own = element('input', { ...named, type: 'text', value: saved.own }) as HTMLInputElement;
    this.#own.hidden = saved.font !== 'own';
    this.#own.addEventListener('change', () => this.#choose({ own: this.#own.value }));
    const save = (format: SavedFormat, label: string): HTMLElement =>
      button({ testId: `export-${format}`, label, onClick: () => onSave(format) });
    this.node = element(
      'section',
      { class: 'export', 'data-testid': 'export-panel', role: 'region', 'aria-label': words.exportPicture },
      labeled(words.background, background),
      labeled(words.font, font, this.#own),
      this.#number('points', words.points, '0.5'),
      ...(offers.size === true
        ? [this.#number('width', words.width, '1'), this.#number('height', words.height, '1')]
        : []),
      save('svg', words.saveVector),
      save('png', words.savePrint),
      ...(offers.numbers === true ? [save('csv', words.saveNumbers)] : []),
      this.#size,
      element('span', { class: 'export-note' }, words.fontNote),
    );
    this.node.hidden = true;
  }

  #number(measure: Measure, label: string, step: string): HTMLElement {
    const [least, , most] = bounds[measure];
    const range = { min: String(least), max: String(most), step, value: String(this.#choice[measure]) };
    const handles = { type: 'number', 'data-testid': `export-${measure}`, 'aria-label': label };
    const input = element('input', { ...handles, ...range }) as HTMLInputElement;
    input.addEventListener('change', () => {
      const value = within(measure, Number(input.value));
      // What is not possible is not quietly replaced: the field shows what counts.
      input.value = String(value);
      this.#choose({ [measure]: value });
    });
    return labeled(label, input);
  }

  #choose(change: Partial<ExportChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#own.hidden = this.#choice.font !== 'own';
    this.#onChange(this.#choice);
  }

  style(): PictureStyle {
    const { background, font, own, points } = this.#choice;
    const size = pixelsOf(points);
    const window = themeStyle();
    const chosen = font === 'own' ? quoted(own) : font === 'window' ? '' : families[font];
    const family = chosen === '' ? window.fontFamily : chosen;
    if (background !== 'theme') return paperStyle(background, family, size);
    return { ...window, fontFamily: family, fontSize: size };
  }

  /** As asked for, in pixels of the screen. */
  size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#choice;
    return { width: pixelsOfMillimeters(width), height: pixelsOfMillimeters(height) };
  }

  /** Why it was not saved, in place of its size. */
  say(text: string): void {
    setText(this.#size, text);
  }

  /** How large the picture is on paper, in pixels of the screen. */
  showSize(width: number, height: number, remark = ''): void {
    const [across, down] = [millimeters(width), millimeters(height)].map((one) => String(Math.round(one)));
    const size = this.#words.paperSize(across ?? '', down ?? '');
    setText(this.#size, remark === '' ? size : `${size} · ${remark}`);
  }
}

function labeled(text: string, ...controls: readonly HTMLElement[]): HTMLElement {
  return element('span', { class: 'export-choice' }, element('span', { 'aria-hidden': 'true' }, text), ...controls);
}

/** A family's name as CSS reads it: whatever is typed stays one name. */
function quoted(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N} _-]/gu, '').trim();
  return plain === '' ? '' : `"${plain}", sans-serif`;
}
