import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** VS Code's Testing view: its tests are run with the usual profile, its rows read. */
export class TestingView {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  get #rows(): Locator {
    return this.#workbench.page.getByRole('tree', { name: /Test Explorer/ }).getByRole('treeitem');
  }

  /** Opens the view, unfolds what is in it and runs all tests. */
  async runAll(): Promise<void> {
    await this.#workbench.runCommand('Testing: Focus on Test Explorer View');
    await this.#rows.first().waitFor();
    for (const row of await this.#rows.all()) {
      if ((await row.getAttribute('aria-expanded')) !== 'false') continue;
      await row.click();
      await this.#workbench.page.keyboard.press('ArrowRight');
    }
    await this.#workbench.runCommand('Test: Run All Tests');
  }

  /** Each row with its state as a screen reader hears it (`… (Passed)`) and the words beside its name. */
  async rows(): Promise<{ readonly label: string; readonly words: string }[]> {
    return this.#rows.evaluateAll((elements) =>
      elements.map((element) => ({
        label: element.getAttribute('aria-label') ?? '',
        words: element.textContent.replaceAll('\u00a0', ' ').trim(),
      })),
    );
  }
}
