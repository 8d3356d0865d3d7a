import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The pages are tested in Debian's Chromium. Installs it where that can be done, and says what to do where it cannot. */
const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

if (!existsSync(path)) {
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'],
  ];
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const command of commands) {
    const [program = '', ...args] = [...sudo, ...command];
    spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}
if (!existsSync(path)) {
  console.error(
    'The page tests need Chromium: run "apt-get install chromium fonts-noto-cjk", or set CHROMIUM to its path.',
  );
  process.exit(1);
}
