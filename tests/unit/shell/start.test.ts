import { expect, test } from 'vitest';
import { type Machine, whyNoWindow } from '../../../scripts/start.ts';

const desk: Machine = { platform: 'linux', environment: { DISPLAY: ':0' }, isRoot: false, argv: [] };

test('npm start opens the desktop app where it can, and says in words why it cannot', () => {
  const table: [Partial<Machine>, string | undefined][] = [
    [{}, undefined],
    [{ argv: ['--hidden'] }, undefined],
    [{ environment: { WAYLAND_DISPLAY: 'wayland-0' } }, undefined],
    [{ environment: {} }, 'there is no display'],
    [{ environment: {}, platform: 'darwin' }, undefined],
    [{ environment: {}, platform: 'win32' }, undefined],
    [{ isRoot: true }, 'Electron does not run as root'],
    [{ argv: ['--sandbox'] }, '--sandbox is for the gateway alone'],
  ];
  for (const [change, why] of table) expect(whyNoWindow({ ...desk, ...change })?.en).toBe(why);
});
