import { encode } from 'uqr';
import type { Words } from '../contract/words.ts';
import { type Html, html } from './html.ts';

const mostCharacters = 2000;

/** A link as a QR code: dark on light in every colour scheme, with the quiet border that phones need. */
export function qrCode(url: string, label: Words): Html {
  // No code holds more than that; the link beside it always leads on.
  if (url.length > mostCharacters) return html``;
  const { data, size } = encode(url, { border: 4, ecc: 'M' });
  return html`<svg
    role="img"
    aria-label="${label.zh} / ${label.en}"
    viewBox="0 0 ${size} ${size}"
    shape-rendering="crispEdges"
  >
    <path fill="#fff" d="M0 0h${size}v${size}H0z" />
    <path fill="#000" d="${outline(data)}" />
  </svg>`;
}

/** One path for all dark modules: a bar for each run of them in a row. */
function outline(rows: boolean[][]): string {
  return rows
    .map((row, y) => {
      const marks = row.map((dark) => (dark ? '1' : '0')).join('');
      return [...marks.matchAll(/1+/g)]
        .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
        .join('');
    })
    .join('');
}
