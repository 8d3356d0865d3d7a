import { cpSync, rmSync } from 'node:fs';
import { build } from 'vite';

/** Bundles the gateway into dist/: one file to start, one for the renewal child, the sandbox apart. */
rmSync('dist', { recursive: true, force: true });

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
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { larkgate: 'src-main/headless.ts', 'renew-worker': 'src-main/renew-worker.ts' },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
cpSync('resources/catalog', 'dist/catalog', { recursive: true });
await build({ logLevel: 'warn' });
