import { cpSync, rmSync } from 'node:fs';
import { build } from 'vite';
import { buildBridge } from './build-bridge.ts';

/** Bundles the gateway into dist/: one file to start, one for the renewal child, the sandbox and the desktop app apart. */
rmSync('dist', { recursive: true, force: true });

await bundle({ larkgate: 'src-main/headless.ts', 'renew-worker': 'src-main/renew-worker.ts' }, 'chunks');
// By itself, so that the desktop app ships its own chunks and neither the sandbox nor the command line.
await bundle({ main: 'src-main/main.ts' }, 'desktop');
await buildBridge('dist');
cpSync('resources/catalog', 'dist/catalog', { recursive: true });
await build({ logLevel: 'warn' });

/** Everything that the entries import goes in, but for Node and Electron themselves. */
async function bundle(input: Record<string, string>, chunkFolder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    // The official SDK's module build looks for its own package.json as if it were CommonJS.
    define: { __dirname: 'import.meta.dirname' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'dist',
      emptyOutDir: false,
      minify: true,
      // Nothing here travels over a network.
      chunkSizeWarningLimit: 5000,
      rollupOptions: {
        input,
        external: ['electron'],
        output: {
          format: 'es',
          entryFileNames: '[name].mjs',
          chunkFileNames: `${chunkFolder}/[name]-[hash].mjs`,
        },
      },
    },
  });
}
