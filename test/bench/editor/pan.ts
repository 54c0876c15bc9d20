// A run of a million steps in the loss panel, zoomed into and moved along with every frame: how long frames take. At 60 a second
// one takes 16.7 ms.
import type { EventRecord } from '../../../src/runs/events.ts';
import { openBrowser, type WebviewBrowser } from '../../e2e/browser.ts';
import { hydrate, openHydrated, startRecord, stepRecord } from '../../webview/loss-page.ts';

const frames = 240;

/** Milliseconds between frames while the chart moves along, ascending. */
async function measure(browser: WebviewBrowser, steps: number, zooms: number): Promise<readonly number[]> {
  const records: EventRecord[] = [startRecord(0)];
  for (let step = 1; step <= steps; step++) records.push(stepRecord(step, step));
  const page = await openHydrated(browser, hydrate('completed', records));
  await page.page.waitForSelector('.u-over');
  // What keeps the names of functions here is not there.
  await page.page.evaluate('globalThis.__name = (named) => named');
  const times = await page.page.evaluate(
    async ({ count, often }) => {
      const over = document.querySelector('.u-over');
      const turn = (init: WheelEventInit): void => {
        const { left = 0, width = 0 } = over?.getBoundingClientRect() ?? {};
        const place = { bubbles: true, cancelable: true, clientX: left + width / 3 };
        over?.dispatchEvent(new WheelEvent('wheel', { ...place, ...init }));
      };
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let zoom = 0; zoom < often; zoom++) {
        turn({ ctrlKey: true, deltaY: -140 });
        await frame();
      }
      await frame();
      const between: number[] = [];
      let last = await frame();
      for (let index = 0; index < count; index++) {
        turn({ shiftKey: true, deltaY: index % 80 < 40 ? 8 : -8 });
        const now = await frame();
        between.push(now - last);
        last = now;
      }
      return between;
    },
    { count: frames, often: zooms },
  );
  await page.close();
  return times.toSorted((a, b) => a - b);
}

/** Milliseconds between frames, ascending, by what part of the run is shown. */
export async function panning(): Promise<readonly { readonly shown: string; readonly times: readonly number[] }[]> {
  const browser = await openBrowser();
  try {
    // A turn of the wheel halves what is shown.
    return [
      { shown: 'half', times: await measure(browser, 1_000_000, 1) },
      { shown: 'a thousandth', times: await measure(browser, 1_000_000, 10) },
    ];
  } finally {
    await browser.close();
  }
}
