// The icons as nodes, with just enough of a page to make them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tsImport } from 'tsx/esm/api';

class Made {
  readonly tag: string;
  readonly attributes: Record<string, string> = {};
  readonly children: unknown[] = [];
  constructor(tag: string) {
    this.tag = tag;
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
  append(...children: unknown[]): void {
    this.children.push(...children);
  }
}

// By its address: the rest of the tests is checked without the types of a page.
const { icon } = (await tsImport('../../../webview/icons.ts', import.meta.url)) as {
  readonly icon: (name: string) => Made;
};

const page = globalThis as { document?: unknown };
before(() => {
  page.document = { createElementNS: (space: string, tag: string) => new Made(`${space}#${tag}`) };
});
after(() => {
  delete page.document;
});

const names = ['stop', 'pause', 'resume', 'export', 'zoomIn', 'zoomOut', 'fit', 'copy', 'log'];

test('each icon is one path in a box of 16 × 16, in the color of the text, unseen by a screen reader', () => {
  const drawn = new Set<string>();
  for (const name of names) {
    const box = icon(name);
    assert.equal(box.tag, 'http://www.w3.org/2000/svg#svg');
    assert.deepEqual(box.attributes, {
      ...{ width: '16', height: '16', viewBox: '0 0 16 16', fill: 'currentColor', 'aria-hidden': 'true' },
    });
    assert.equal(box.children.length, 1, name);
    const [path] = box.children as Made[];
    assert.equal(path?.tag, 'http://www.w3.org/2000/svg#path');
    const { d = '', ...rest } = path.attributes;
    assert.deepEqual(rest, {});
    assert.match(d, /^M[\d .A-Za-z-]+z/i, name);
    drawn.add(d);
  }
  assert.equal(drawn.size, names.length);
});
