import { encode } from 'uqr';

/** A QR code as the path of an SVG: `d` in a square of `size` modules, quiet zone included. */
export interface QrShape {
  d: string;
  size: number;
}

/** Undefined when the text is longer than a QR code can be. */
export function qrShape(text: string): QrShape | undefined {
  try {
    const { data, size } = encode(text, { ecc: 'L', border: 4 });
    return { d: data.map((row, y) => rowPath(row, y)).join(''), size };
  } catch {
    return undefined;
  }
}

/** Modules side by side become one rectangle. */
function rowPath(row: boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x += 1;
    const width = x - start + 1;
    path += `M${start} ${y}h${width}v1h-${width}z`;
  }
  return path;
}
