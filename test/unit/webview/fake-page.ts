// Just enough of a page to make nodes in, whose colors are the names of the theme's variables.

/** A node that remembers what it was made of. */
export class Made {
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
  /** A number among the attributes. */
  at(name: string): number {
    return Number(this.attributes[name] ?? NaN);
  }
  /** Pairs of numbers, as polygons have them. */
  get points(): readonly (readonly number[])[] {
    return (this.attributes['points'] ?? '').split(' ').map((pair) => pair.split(',').map(Number));
  }
}

const page = globalThis as { document?: unknown; getComputedStyle?: unknown };

/** @returns takes the page away again */
export function openPage(): () => void {
  page.document = {
    createElementNS: (_: string, tag: string) => new Made(tag),
    documentElement: {},
    body: { classList: { contains: () => false } },
  };
  page.getComputedStyle = () => ({ getPropertyValue: (name: string) => name });
  return () => {
    delete page.document;
    delete page.getComputedStyle;
  };
}
