/** What tells arms apart: a place each, which gives color, dash and shape, and is kept while arms come and go. Pure. */

export type Places = ReadonlyMap<string, number>;

/** Known arms keep their places; others take the next free ones. */
export function placesOf(known: Iterable<readonly [string, number]>, arms: readonly string[]): Places {
  const places = new Map(known);
  let next = Math.max(-1, ...places.values()) + 1;
  for (const arm of arms) if (!places.has(arm)) places.set(arm, next++);
  return places;
}

const shapes = ['circle', 'square', 'triangle', 'diamond', 'down', 'cross', 'plus', 'star'] as const;
export type Shape = (typeof shapes)[number];

/** There are as many colors as shapes: each round of colors takes the shapes one further, so that 64 arms differ. */
export function shapeAt(place: number): Shape {
  return shapes[(place + Math.floor(place / shapes.length)) % shapes.length] ?? 'circle';
}

/** The shape around (0, 0) as a path; `size` is about its radius. */
export function pathOf(shape: Shape, size: number): string {
  const polygon = (...points: readonly (readonly [number, number])[]): string =>
    `M${points.map(([x, y]) => `${round(x * size)} ${round(y * size)}`).join('L')}Z`;
  switch (shape) {
    case 'circle':
      return `M${size} 0A${size} ${size} 0 1 1 ${-size} 0A${size} ${size} 0 1 1 ${size} 0Z`;
    case 'square':
      return polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
    case 'triangle':
      return polygon([0, -1.15], [1.1, 0.85], [-1.1, 0.85]);
    case 'down':
      return polygon([0, 1.15], [1.1, -0.85], [-1.1, -0.85]);
    case 'diamond':
      return polygon([0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]);
    case 'plus':
      return polygon(...arms(0));
    case 'cross':
      return polygon(...arms(Math.PI / 4));
    case 'star':
      return polygon(
        ...Array.from({ length: 10 }, (_, index): readonly [number, number] => {
          const [angle, radius] = [(index * Math.PI) / 5, index % 2 === 0 ? 1.3 : 0.55];
          return [radius * Math.sin(angle), -radius * Math.cos(angle)];
        }),
      );
  }
}

/** The twelve corners of a plus, turned. */
function arms(turn: number): (readonly [number, number])[] {
  const [thin, long] = [0.36, 1.15];
  return [0, 1, 2, 3].flatMap((side) => {
    const angle = turn + (side * Math.PI) / 2;
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const corners = [[-thin, -thin], [-thin, -long], [thin, -long]] as const; // prettier-ignore
    return corners.map(([x, y]): readonly [number, number] => [x * cos - y * sin, x * sin + y * cos]);
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;
