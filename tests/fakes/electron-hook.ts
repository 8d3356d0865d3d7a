import { registerHooks } from 'node:module';

/** `node --import` this: whoever asks for Electron gets the stand-in. */
const standIn = new URL('./electron-process.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standIn, shortCircuit: true, format: 'module-typescript' }
      : next(specifier, context),
});
