import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['tests/helpers/network-off.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Real sockets, real browsers and real child processes on a small machine.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/*.test.ts'] } },
      { extends: true, test: { name: 'flow', include: ['tests/flow/**/*.test.ts'] } },
      { extends: true, test: { name: 'electron', include: ['tests/electron/**/*.test.ts'] } },
      { extends: true, test: { name: 'browser', include: ['tests/browser/**/*.test.ts'] } },
    ],
  },
});
