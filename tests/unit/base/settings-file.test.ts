import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SettingsFile } from '../../../src-main/base/settings-file.ts';
import { configSchema } from '../../../src-main/contract/config.ts';

let folder: string;
const write = (text: string) => writeFileSync(join(folder, 'settings.json'), text);
const file = () => new SettingsFile(folder);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larkgate-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('SettingsFile', () => {
  test('no file means the defaults', async () => {
    expect(await file().read()).toEqual(configSchema.parse({}));
  });

  test('a file says only what differs, also with a byte order mark', async () => {
    write('\uFEFF{"limits":{"perSession":5}}');
    expect((await file().read()).limits).toMatchObject({ perSession: 5, perAddress: 200 });
  });

  test.each([
    ['{"server":{"port":99999}}', 'server.port'],
    ['{"tools":{"language":"fr"}}', 'tools.language'],
    ['{"limits":{"perSession":0}}', 'limits.perSession'],
    ['{"lark":{"openUrl":"not a url"}}', 'lark.openUrl'],
    ['{"frobnicate":1}', 'frobnicate'],
    ['{"server":{"prot":1}}', 'server.prot'],
    ['[]', 'settings.json'],
    ['', 'settings.json'],
  ])('%s is refused by the name of %s', async (text, name) => {
    write(text);
    await expect(file().read()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(name),
    });
  });

  test('a change keeps what else a person wrote, and is not written when it is wrong', async () => {
    write('{"limits":{"perSession":5},"lark":{"brand":"lark"}}');
    await file().merge('lark', { appId: 'cli_1' });
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual({
      limits: { perSession: 5 },
      lark: { brand: 'lark', appId: 'cli_1' },
    });
    await expect(file().merge('lark', { brand: 'other' })).rejects.toMatchObject({ code: 'config_invalid' });
    expect((await file().read()).lark.brand).toBe('lark');
  });
});
