import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unpackExtension } from '@anthropic-ai/mcpb';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltBridge, builtBridge, giveBridgeKey, initialize, spawnBridge } from '../helpers/bridge.ts';
import { createHome } from '../helpers/run-node.ts';

let bridge: BuiltBridge;
let unpacked: string;

beforeAll(async () => {
  bridge = await builtBridge();
  unpacked = join(bridge.folder, 'unpacked');
  expect(
    await unpackExtension({ mcpbPath: join(bridge.folder, 'larkgate.mcpb'), outputDir: unpacked, silent: true }),
  ).toBe(true);
});
afterAll(() => bridge.remove());

const published = join(
  dirname(createRequire(import.meta.url).resolve('@anthropic-ai/mcpb')),
  'mcpb-manifest-v0.3.schema.json',
);

describe('the bundle for Claude Desktop', () => {
  test('holds a manifest that fits the published schema, and names the files that are in it', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8'));
    const fits = new Ajv({ strict: false, formats: { uri: true, email: true } }).compile(
      JSON.parse(readFileSync(published, 'utf8')),
    );
    expect(fits(manifest), JSON.stringify(fits.errors)).toBe(true);
    expect(new Set(readdirSync(unpacked))).toEqual(new Set(['bridge.mjs', manifest.icon, 'manifest.json']));
    expect(manifest.server.entry_point).toBe('bridge.mjs');
    expect(JSON.stringify(manifest)).not.toMatch(/lg_|token"|"sensitive"/);
    expect(manifest.version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  test('holds the very bridge that was built: one small file that needs nothing but Node', () => {
    const text = readFileSync(bridge.path, 'utf8');
    expect(readFileSync(join(unpacked, 'bridge.mjs'), 'utf8')).toBe(text);
    expect(statSync(bridge.path).size).toBeLessThan(40_000);
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });

  test('runs from where it was unpacked', async () => {
    const home = await createHome();
    await giveBridgeKey(home.path);
    const raw = spawnBridge({ ...bridge, path: join(unpacked, 'bridge.mjs') }, home.path, 0);
    expect(await raw.ask(initialize)).toMatchObject({ result: { serverInfo: { name: 'larkgate' } } });
    expect(await raw.end()).toBe(0);
    await home.remove();
  });
});
