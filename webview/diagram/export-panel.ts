/** What a picture for a paper is to look like: background, letters and their size, and how large it then is. */
import { button, dropdown } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { millimeters } from './picture-file.ts';
import { paperStyle, themeStyle, type Background, type PictureStyle } from './picture-style.ts';
import type { Strings } from './strings.ts';

type Chosen = Background | 'theme';
type Font = 'window' | 'sans' | 'serif' | 'own';

const families: Readonly<Record<Exclude<Font, 'window' | 'own'>, string>> = {
  sans: 'Arial, Helvetica, "Liberation Sans", "Noto Sans CJK SC", sans-serif',
  serif: '"Times New Roman", Times, "Liberation Serif", "Noto Serif CJK SC", serif',
};

/** A point is 1/72 inch, a CSS pixel 1/96. */
const pixelsOf = (points: number): number => (points * 96) / 72;
const [smallest, usual, largest] = [5, 9, 36];

interface Listener {
  /** Something was chosen: the size on paper is another one. */
  readonly onChange: () => void;
  readonly onSave: (format: 'svg' | 'png') => void;
}

export class ExportPanel {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #size = element('output', { 'data-testid': 'export-size', 'aria-live': 'polite' });
  readonly #own: HTMLInputElement;
  #background: Chosen = 'white';
  #font: Font = 'sans';
  #points: number = usual;

  constructor(strings: Strings, { onChange, onSave }: Listener) {
    this.#strings = strings;
    const changed = <T>(set: (value: T) => void) => {
      return (value: T): void => {
        set(value);
        onChange();
      };
    };
    const background = dropdown<Chosen>({
      ...{ testId: 'export-background', label: strings.background, value: this.#background },
      choices: [['white', strings.white], ['transparent', strings.transparent], ['theme', strings.asShown]], // prettier-ignore
      onChange: changed((value) => (this.#background = value)),
    });
    const font = dropdown<Font>({
      ...{ testId: 'export-font', label: strings.font, value: this.#font },
      choices: [['sans', strings.sans], ['serif', strings.serif], ['window', strings.windowFont], ['own', strings.ownFont]], // prettier-ignore
      onChange: changed((value) => {
        this.#font = value;
        this.#own.hidden = value !== 'own';
      }),
    });
    const named = { 'data-testid': 'export-own-font', 'aria-label': strings.ownFont, placeholder: 'Libertinus Serif' };
    this.#own = element('input', { ...named, type: 'text' }) as HTMLInputElement;
    this.#own.hidden = true;
    this.#own.addEventListener('change', onChange);
    const range = { min: String(smallest), max: String(largest), step: '0.5', value: String(usual) };
    const points = element('input', {
      ...{ type: 'number', 'data-testid': 'export-points', 'aria-label': strings.points },
      ...range,
    }) as HTMLInputElement;
    points.addEventListener('change', () => {
      const asked = Number(points.value);
      this.#points = Number.isFinite(asked) && asked > 0 ? Math.min(largest, Math.max(smallest, asked)) : usual;
      // What is not possible is not quietly replaced: the field shows what counts.
      points.value = String(this.#points);
      onChange();
    });
    const labeled = (text: string, ...controls: readonly HTMLElement[]): HTMLElement =>
      element('span', { class: 'export-choice' }, element('span', { 'aria-hidden': 'true' }, text), ...controls);
    this.node = element(
      'section',
      { class: 'export', 'data-testid': 'export-panel', role: 'region', 'aria-label': strings.exportPicture },
      labeled(strings.background, background),
      labeled(strings.font, font, this.#own),
      labeled(strings.points, points),
      button({ testId: 'export-svg', label: strings.saveVector, onClick: () => onSave('svg') }),
      button({ testId: 'export-png', label: strings.savePrint, onClick: () => onSave('png') }),
      this.#size,
      element('span', { class: 'export-note' }, strings.fontNote),
    );
    this.node.hidden = true;
  }

  style(): PictureStyle {
    const size = pixelsOf(this.#points);
    const window = themeStyle();
    const chosen = this.#font === 'own' ? quoted(this.#own.value) : this.#font === 'window' ? '' : families[this.#font];
    const family = chosen === '' ? window.fontFamily : chosen;
    if (this.#background !== 'theme') return paperStyle(this.#background, family, size);
    return { ...window, fontFamily: family, fontSize: size };
  }

  /** How large the picture is on paper, in pixels of the screen. */
  showSize(width: number, height: number): void {
    const [across, down] = [millimeters(width), millimeters(height)].map((one) => String(Math.round(one)));
    setText(this.#size, this.#strings.paperSize(across ?? '', down ?? ''));
  }
}

/** A family's name as CSS reads it: whatever is typed stays one name. */
function quoted(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N} _-]/gu, '').trim();
  return plain === '' ? '' : `"${plain}", sans-serif`;
}
