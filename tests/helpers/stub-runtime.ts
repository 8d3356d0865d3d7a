import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Marks, in Electron's executable, where the fuses are: version 1, nine of them, each on or off. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100010'),
]);

/** Files in the places of Electron's runtime for Linux, enough for electron-builder to pack an app around them. */
export function writeStubRuntime(folder: string, version: string): void {
  for (const name of ['locales', 'resources']) mkdirSync(join(folder, name), { recursive: true });
  const files = { version, LICENSE: 'stub', 'LICENSES.chromium.html': 'stub', 'resources.pak': 'stub' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const name of ['en-US', 'zh-CN', 'fr']) writeFileSync(join(folder, 'locales', `${name}.pak`), 'stub');
  const program = join(folder, 'electron');
  writeFileSync(program, Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), fuseWire]));
  chmodSync(program, 0o755);
}
