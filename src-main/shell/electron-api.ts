import type electron from 'electron';

/** Everything Electron offers the main process. Handed in, so that the shell runs on a stand-in too. */
export type ElectronApi = typeof electron;
