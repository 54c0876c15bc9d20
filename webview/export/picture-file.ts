/** The picture as a file: a standalone SVG, or a PNG that says how large it is on paper. */

/** CSS pixels to an inch. */
const screenDpi = 96;
export const printDpi = 300;
/** What browsers draw on; beyond it a canvas stays blank without a word. */
const largestSide = 16_384;
const largestArea = 268_000_000;

export interface PictureFile {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Millimeters of so many pixels. */
export const millimeters = (pixels: number): number => (pixels * 25.4) / screenDpi;

export const pixelsOfMillimeters = (length: number): number => (length * screenDpi) / 25.4;

export function toFile(picture: SVGSVGElement, background: string): PictureFile {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const { width, height } = picture.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  if (background !== 'transparent') copy.style.background = background;
  for (const node of copy.querySelectorAll('[tabindex]')) node.removeAttribute('tabindex');
  for (const passing of copy.querySelectorAll('.highlighted')) passing.classList.remove('highlighted');
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/**
 * @param dpi of the pixels on paper
 * @returns null where the picture would have more pixels than can be drawn
 */
export async function toPng({ text, width, height }: PictureFile, dpi: number): Promise<Blob | null> {
  const scale = dpi / screenDpi;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  if (Math.max(canvas.width, canvas.height) > largestSide || canvas.width * canvas.height > largestArea) return null;
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve();
      image.onerror = () => reject(new Error('The picture could not be read back for PNG.'));
      image.src = url;
    });
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((made) => (made ? resolve(made) : reject(new Error('The canvas gave no PNG.'))), 'image/png');
    });
    return new Blob([withDensity(new Uint8Array(await blob.arrayBuffer()), dpi)], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Length, type and checksum around 13 bytes; the signature is 8. */
const afterHeader = 8 + 12 + 13;

/** A `pHYs` chunk after the header: pixels to a meter, so that programs place the picture at its size. */
function withDensity(png: Uint8Array<ArrayBuffer>, dpi: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode('pHYs'), 4);
  const density = Math.round(dpi / 0.0254);
  view.setUint32(8, density);
  view.setUint32(12, density);
  chunk[16] = 1;
  view.setUint32(17, crc(chunk.subarray(4, 17)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, afterHeader));
  result.set(chunk, afterHeader);
  result.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return result;
}

/** CRC-32 as PNG wants it (ISO 3309). */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** As messages carry files. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
