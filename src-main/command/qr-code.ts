import { encode } from 'uqr';

/** Phones want dark modules on a light ground, whatever the terminal's own colours are. */
const onLight = '\u001B[38;5;16;48;5;231m';
const reset = '\u001B[0m';

const mostCharacters = 2000;

/** A QR code for a terminal: two rows of modules in one line of text. */
export function qrCode(link: string): string {
  // No code holds more than that; the link below it always leads on.
  if (link.length > mostCharacters) return '';
  const { data } = encode(link, { ecc: 'M', border: 2 });
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const line = (data[row] ?? []).map((upper, column) => halfBlock(upper, data[row + 1]?.[column] ?? false));
    lines.push(`${onLight}${line.join('')}${reset}`);
  }
  return lines.join('\n');
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
