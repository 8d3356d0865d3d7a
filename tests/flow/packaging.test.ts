import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../src-main/version.ts';
import { cleanEnvironment, projectFolder } from '../helpers/run-node.ts';
import { readAsar } from '../helpers/read-asar.ts';
import { writeStubRuntime } from '../helpers/stub-runtime.ts';

const builder = join(projectFolder, 'node_modules/electron-builder/cli.js');
const unpacked = () => join(folder, 'out', 'linux-unpacked');
let folder = '';
let files: Map<string, Buffer>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larkgate-package-'));
  writeStubRuntime(join(folder, 'runtime'), electronVersion());
  const { code, output } = await pack({});
  expect([code, output]).toEqual([0, expect.stringContaining('linux-unpacked')]);
  files = readAsar(join(unpacked(), 'resources', 'app.asar'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function electronVersion(): string {
  return JSON.parse(readFileSync(join(projectFolder, 'node_modules/electron/package.json'), 'utf8')).version;
}

/** electron-builder as it is, but for the runtime it packs and the folder it packs into. */
async function pack(change: Record<string, unknown>): Promise<{ code: number | null; output: string }> {
  const config = join(folder, 'electron-builder.json');
  const places = { electronDist: join(folder, 'runtime'), directories: { output: join(folder, 'out') } };
  writeFileSync(config, JSON.stringify({ extends: join(projectFolder, 'electron-builder.yml'), ...places, ...change }));
  const child = spawn(process.execPath, [builder, '--linux', 'dir', '--x64', '--config', config], {
    cwd: projectFolder,
    env: cleanEnvironment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  await once(child, 'close');
  return { code: child.exitCode, output };
}

test('the package holds the bundle, the catalog, the dashboard and the tray icons, and nothing else', () => {
  const expected = [
    'package.json',
    ...globSync(
      ['dist/main.mjs', 'dist/desktop/*', 'dist/catalog/*', 'dist/dashboard/**/*', 'resources/icons/tray-*.png'],
      {
        cwd: projectFolder,
        withFileTypes: true,
      },
    )
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(projectFolder.length)),
  ];
  expect([...files.keys()].sort()).toEqual(expected.sort());
});

test('there is no dependency tree, no source, no map, no sandbox and no secret in it', () => {
  const names = [...files.keys()];
  expect(names.filter((name) => /node_modules|\.map$|\.tsx?$|\.env|src-main|tests\//.test(name))).toEqual([]);
  const texts = [...files.values()].map((content) => content.toString('latin1'));
  expect(texts.filter((text) => /sandbox-secret|BEGIN (?:RSA |EC )?PRIVATE KEY/.test(text))).toEqual([]);
});

test('its package.json starts the bundle and names no dependency to be installed', () => {
  const inside = JSON.parse(files.get('package.json')?.toString() ?? '');
  expect(inside).toMatchObject({
    name: 'larkgate',
    version,
    main: 'dist/main.mjs',
    type: 'module',
  });
  expect(Object.keys(inside.dependencies ?? {})).toEqual([]);
  expect(inside.scripts).toBeUndefined();
});

test('it stays small: 16 MB, of which the program is 4 MB', () => {
  const size = (pattern: RegExp) =>
    [...files].filter(([name]) => pattern.test(name)).reduce((sum, [, { length }]) => sum + length, 0);
  console.log(`app.asar: ${(size(/./) / 1e6).toFixed(1)} MB, program ${(size(/\.mjs$/) / 1e6).toFixed(1)} MB`);
  expect(size(/./)).toBeLessThan(16e6);
  expect(size(/\.mjs$/)).toBeLessThan(4e6);
});

test('the fuses are blown: no Node of its own, no options, no inspector, only the checked archive', () => {
  const program = readFileSync(join(unpacked(), 'larkgate'));
  const at = program.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX') + 34;
  // In Electron's order: RunAsNode, CookieEncryption, NodeOptions, NodeCliInspect, AsarIntegrity, OnlyAsar, a snapshot, FileProtocol.
  expect(program.toString('latin1', at, at + 8)).toMatch(/^010011.0$/);
});

test('only the languages that we speak are packed', () => {
  expect(globSync('*', { cwd: join(unpacked(), 'locales') }).sort()).toEqual(['en-US.pak', 'zh-CN.pak']);
});

test('a mistake in the configuration is refused before anything is packed', async () => {
  const { code, output } = await pack({ asarr: true });
  expect(code).not.toBe(0);
  expect(output).toContain("unknown property 'asarr'");
});

test('every file that the configuration names is there', () => {
  const text = readFileSync(join(projectFolder, 'electron-builder.yml'), 'utf8');
  const named = [...text.matchAll(/: (resources\/\S+)$/gm)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
});
