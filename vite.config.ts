import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The dashboard. The gateway itself is bundled by scripts/build.ts. */
export default defineConfig({
  root: 'src-renderer',
  base: '/dashboard/',
  plugins: [react()],
  build: { outDir: '../dist/dashboard', emptyOutDir: true, target: 'es2023' },
});
