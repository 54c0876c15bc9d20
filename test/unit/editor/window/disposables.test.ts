import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Debounced, Disposables, Throttled } from '../../../../src/editor/window/disposables.ts';

class Feature extends Disposables {
  readonly gone: string[] = [];
  add(name: string): { dispose(): void } {
    return this.register({ dispose: () => void this.gone.push(name) });
  }
  get over(): boolean {
    return this.disposed;
  }
}

test('what is registered goes with the feature, the last first, once', () => {
  const feature = new Feature();
  const item = feature.add('one');
  feature.add('two');
  assert.equal(typeof item.dispose, 'function');
  assert.deepEqual([feature.over, feature.gone], [false, []]);
  feature.dispose();
  feature.dispose();
  assert.deepEqual([feature.over, feature.gone], [true, ['two', 'one']]);
  feature.add('late');
  assert.deepEqual(feature.gone, ['two', 'one', 'late'], 'what comes too late goes at once');
});

test('debounced: the work is done once it has been quiet', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  let done = 0;
  const soon = new Debounced(100, () => done++);
  soon.soon();
  mock.timers.tick(60);
  soon.soon();
  mock.timers.tick(60);
  assert.equal(done, 0);
  mock.timers.tick(40);
  assert.equal(done, 1);
  soon.soon();
  soon.dispose();
  mock.timers.tick(1000);
  assert.equal(done, 1);
});

test('throttled: at once, then at most every so often, and after the last call', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 5;
  const clock = mock.method(performance, 'now', () => now);
  context.after(() => {
    mock.timers.reset();
    clock.mock.restore();
  });
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    mock.timers.tick(milliseconds);
  };
  let done = 0;
  const rarely = new Throttled(100, () => done++);
  rarely.call();
  pass(0);
  assert.equal(done, 1);
  rarely.call();
  rarely.call();
  pass(99);
  assert.equal(done, 1);
  pass(1);
  assert.equal(done, 2);
  pass(500);
  rarely.call();
  pass(0);
  assert.equal(done, 3);
  rarely.call();
  rarely.dispose();
  pass(500);
  assert.equal(done, 3);
});
