/** The few icons of the toolbars, drawn for a 16×16 box in the text's color. */
import { svg } from './dom.ts';

const paths = {
  stop: 'M3 3h10v10H3z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  resume: 'M4 2.5v11l9-5.5z',
  export: 'M8 1v7.6L5.4 6 4.6 6.8 8.5 10.7 12.4 6.8 11.6 6 9 8.6V1zM2 11h1.2v2.8h10.6V11H15v4H2z',
  zoomIn: 'M7.4 3h1.2v4.4H13v1.2H8.6V13H7.4V8.6H3V7.4h4.4z',
  zoomOut: 'M3 7.4h10v1.2H3z',
  fit: 'M2 2h4v1.2H3.2V6H2zM10 2h4v4h-1.2V3.2H10zM2 10h1.2v2.8H6V14H2zM12.8 10H14v4h-4v-1.2h2.8z',
  copy: 'M2 2h8v2H9V3H3v6h1v1H2zM5 5h9v9H5zm1 1v7h7V6z',
  picture: 'M2 2h12v12H2zm1.2 1.2v9.6h9.6V3.2zM4 11l2.5-4 2 2.6L10 8l2 3z',
  turn: 'M2 2h4v4H4.6v5.4H10V10h4v4h-4v-1.4H3.4V6H2zM10 4.4 8 2.5v1.3h-.8V5H8v1.3z',
  collapse: 'M5 2h9v9h-1.2V3.2H5zM2 5h9v9H2zm1.2 1.2v6.6h6.6V6.2zM4.5 9h4v1.2h-4z',
  compare: 'M2 2h5v12H2zm1.2 1.2v9.6h2.6V3.2zM9 2h5v12H9zm1.2 4h2.6v1.2h-2.6zm0 2.8h2.6V10h-2.6z',
  log: 'M3 2h10v12H3zm1.2 1.2v9.6h7.6V3.2zM5.5 5h5v1h-5zm0 2.5h5v1h-5zm0 2.5h3v1h-3z',
} as const;

export type IconName = keyof typeof paths;

export function icon(name: IconName): SVGElement {
  return svg(
    'svg',
    { width: '16', height: '16', viewBox: '0 0 16 16', fill: 'currentColor', 'aria-hidden': 'true' },
    svg('path', { d: paths[name] }),
  );
}
