import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { type TrayFace, trayFaces } from '../src-main/shell/tray-face.ts';
import { launchBrowser } from '../tests/helpers/browser.ts';

/**
 * Draws resources/icons from the shapes below, in Chromium. Each face of the tray has a shape of its own beside the
 * gate: dots, nothing, an exclamation mark, two bars, a square.
 */
const gate = 'M4 28V15a12 12 0 0 1 24 0v13h-5.5V15a6.5 6.5 0 0 0-13 0v13z';
const bird = 'M11.5 22.5c2.2-4 6-5.2 9.5-3.6l-1.7 1.5c.4 3.4-3.4 5.6-7.8 2.1z';

const badges: Record<TrayFace, string> = {
  starting: '<circle cx="18.5" cy="25" r="2"/><circle cx="24" cy="25" r="2"/><circle cx="29.5" cy="25" r="2"/>',
  ready: '',
  attention: '<rect x="22.3" y="15" width="3.6" height="9.5" rx="1.4"/><circle cx="24.1" cy="28.4" r="2.1"/>',
  paused:
    '<rect x="19.2" y="18" width="3.6" height="12" rx="1"/><rect x="25.4" y="18" width="3.6" height="12" rx="1"/>',
  stopped: '<rect x="18.8" y="19" width="10.8" height="10.8" rx="1.4"/>',
};

interface Look {
  name: string;
  glyph: string;
  /** The colour that only repeats what the shape says. */
  badge: Partial<Record<TrayFace, string>>;
  ground: string | null;
  size: number;
}

const looks: Look[] = [
  { name: 'Template', glyph: '#000', badge: {}, ground: null, size: 18 },
  { name: 'light', glyph: '#1f2329', badge: { attention: '#b54708' }, ground: null, size: 16 },
  { name: 'dark', glyph: '#fff', badge: { attention: '#ffc53d' }, ground: null, size: 16 },
  { name: 'ground', glyph: '#fff', badge: { attention: '#ffd666' }, ground: '#1f5f5b', size: 24 },
];

const folder = fileURLToPath(new URL('../resources/icons/', import.meta.url));

/** Writes every icon into `target`. */
export async function drawIcons(target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const browser = await launchBrowser();
  const page = await browser.newPage();
  for (const look of looks) {
    for (const face of trayFaces) {
      const name = `tray-${face}-${look.name}`;
      await draw(page, traySvg(look, face), look.size, join(target, `${name}.png`));
      await draw(page, traySvg(look, face), look.size * 2, join(target, `${name}@2x.png`));
    }
  }
  await draw(page, appSvg, 1024, join(target, 'icon.png'));
  await browser.close();
}

function traySvg({ glyph, badge, ground }: Look, face: TrayFace): string {
  const shape = badges[face];
  // The badge stands clear of the gate, so that it is read at sixteen pixels.
  const mask = `<mask id="m"><rect width="32" height="32" fill="#fff"/>${shape && '<rect x="14.5" y="12.5" width="18" height="20" rx="4" fill="#000"/>'}</mask>`;
  const marks = `<g mask="url(#m)" fill="${glyph}"><path d="${gate}"/>${shape ? '' : `<path d="${bird}"/>`}</g><g fill="${badge[face] ?? glyph}">${shape}</g>`;
  const inside = ground
    ? `<rect width="32" height="32" rx="7" fill="${ground}"/><g transform="translate(4 3.4) scale(.75)">${marks}</g>`
    : marks;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${mask}${inside}</svg>`;
}

const appSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#2f8f83"/><stop offset="1" stop-color="#174b52"/></linearGradient></defs>
  <rect x="2" y="2" width="28" height="28" rx="6.4" fill="url(#g)"/>
  <g transform="translate(5.6 5) scale(.65)" fill="#fff"><path d="${gate}"/><path d="${bird}" fill="#ffd666"/></g></svg>`;

async function draw(page: Page, svg: string, size: number, path: string): Promise<void> {
  await page.setViewportSize({ width: size, height: size });
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(
    `<style>*{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="${source}">`,
  );
  await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
  writeFileSync(path, await page.screenshot({ omitBackground: true }));
}

if (import.meta.main) await drawIcons(folder);
