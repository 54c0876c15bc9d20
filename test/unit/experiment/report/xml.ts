/** A small reader of XML for tests: elements with attributes and text; throws where the text is not well-formed. */
import assert from 'node:assert/strict';

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function plain(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const found = whole.endsWith(';') ? entities[name] : undefined;
    assert.ok(found !== undefined, `${whole} is no entity`);
    return found;
  });
}

export function parseXml(source: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Element[] = [root];
  let rest = source.replace(/^<\?xml [^>]*\?>\s*/, '');
  while (rest !== '') {
    const top = open.at(-1);
    assert.ok(top);
    const [tag, close, name = '', list = '', alone] =
      /^<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(rest) ?? [];
    if (tag === undefined) {
      const [text = ''] = /^[^<]+/.exec(rest) ?? [];
      assert.notEqual(text, '', `no element: ${rest.slice(0, 60)}`);
      top.text += plain(text);
      rest = rest.slice(text.length);
      continue;
    }
    rest = rest.slice(tag.length);
    if (close === '/') {
      assert.equal(open.pop()?.name, name);
      continue;
    }
    const attributes = new Map(
      [...list.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, plain(value)]),
    );
    const element: Element = { name, attributes, children: [], text: '' };
    top.children.push(element);
    if (alone !== '/') open.push(element);
  }
  assert.equal(open.length, 1, 'all elements are closed');
  const [only] = root.children;
  assert.ok(only);
  return only;
}

/** All elements of a name, wherever they are. */
export function all(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
