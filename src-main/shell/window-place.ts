import type { Rectangle } from 'electron';
import type { WindowPlace } from './desktop-settings.ts';

const usual = { width: 1180, height: 800 };
/** How much of a title bar must be seen for a window to be taken hold of. */
const grip = 80;

/** Where a window opens: where it was, unless that screen is gone or shrank. Without a place the system chooses. */
export function placeOnScreen(
  place: WindowPlace | null,
  screens: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (!place) return usual;
  const { x, y } = place;
  const screen = screens.find((area) => {
    const across = Math.min(x + place.width, area.x + area.width) - Math.max(x, area.x);
    return across >= grip && y >= area.y && y <= area.y + area.height - grip;
  });
  if (!screen) return usual;
  return { x, y, width: Math.min(place.width, screen.width), height: Math.min(place.height, screen.height) };
}
