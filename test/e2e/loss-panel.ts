// The loss panel as a person reads it: its state, its table, its buttons.
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

const selector = '[data-testid="loss-panel"]';

export class LossPanel {
  readonly #frame: FrameLocator;
  readonly #panel: Locator;

  private constructor(frame: FrameLocator) {
    this.#frame = frame;
    this.#panel = frame.locator(selector);
  }

  /** Waits for the panel of a window. */
  static async of(workbench: Workbench): Promise<LossPanel> {
    return new LossPanel(await workbench.webviewWith(selector));
  }

  /** One of the panel's `data-` attributes; '' while it is not there. */
  async attribute(name: 'data-run' | 'data-state' | 'data-points' | 'data-engine'): Promise<string> {
    return (await this.#panel.getAttribute(name)) ?? '';
  }

  /** Step records that the panel holds. */
  async points(): Promise<number> {
    return Number(await this.attribute('data-points'));
  }

  async waitForState(state: string, milliseconds?: number): Promise<void> {
    let last = '';
    try {
      await eventually(
        `state ${state}`,
        async () => (last = await this.attribute('data-state')) === state,
        milliseconds,
      );
    } catch (error) {
      throw new Error(`the panel's state is "${last}" and not "${state}"`, { cause: error });
    }
  }

  async waitForPoints(points: number): Promise<void> {
    await eventually(`${String(points)} points`, async () => (await this.points()) >= points);
  }

  /** Numbers of the table twin for one series, by task; tasks without a number yet are left out. */
  async losses(tasks: readonly string[], series: 'train' | 'validation'): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const task of tasks) {
      const cell = this.#frame.locator(`[data-testid="loss-table"] [data-task="${task}"][data-series="${series}"]`);
      const text = (await cell.first().textContent())?.trim() ?? '';
      if (text !== '' && Number.isFinite(Number(text))) found.set(task, Number(text));
    }
    return found;
  }

  /** `resume` is the button on show: of a paused run, or of a stopped one from its checkpoint. */
  async press(button: 'stop' | 'pause' | 'resume'): Promise<void> {
    await this.#frame.locator(`[data-testid^="${button}"]:visible`).first().click();
  }
}
