import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import { createChildRenewer } from '../../../src-main/tokens/child-renewer.ts';
import { readOutcome, writeOutcome } from '../../../src-main/tokens/renewal-job.ts';
import type { RenewalResult } from '../../../src-main/tokens/renewal.ts';
import { createMachine } from './open-accounts.ts';

const settings = configSchema.parse({});

test('where no child can do it, the gateway renews by itself', async () => {
  const machine = await createMachine();
  const renewer = createChildRenewer(join(machine.folder, 'missing.mjs'), settings);
  const { accounts, signIn } = await machine.start({ renewer });
  const { id } = await signIn('ada');
  await accounts.renewNow(id);
  expect(machine.feishu.renewed).toBe(1);
});

test('neither the arguments nor the environment of the child hold a secret', async () => {
  const machine = await createMachine();
  const seen = join(machine.folder, 'seen.json');
  const program = join(machine.folder, 'spy.mjs');
  await writeFile(
    program,
    `import { writeFileSync } from 'node:fs';
     import { text } from 'node:stream/consumers';
     const input = await text(process.stdin);
     writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ argv: process.argv, env: process.env, job: JSON.parse(input) }));
     console.log('{"kind":"unneeded"}');`,
  );
  vi.stubEnv('FEISHU_APP_SECRET', 'canary')
    .stubEnv('LARKGATE_KEY', 'canary')
    .stubEnv('HTTPS_PROXY', 'http://proxy.example');
  const renewer = createChildRenewer(program, settings);
  vi.unstubAllEnvs();
  const job = { dataFolder: machine.folder, masterKeyHex: 'ab'.repeat(32), accountId: 'acc_1', tokensId: '1' };
  expect(await renewer(job)).toEqual({ kind: 'unneeded' });
  const child = JSON.parse(await readFile(seen, 'utf8'));
  expect(child.job).toMatchObject(job);
  expect(child.env.HTTPS_PROXY).toBe('http://proxy.example');
  expect(JSON.stringify([child.argv, child.env])).not.toMatch(/canary|abab/);
});

const results: RenewalResult[] = [
  { kind: 'unneeded' },
  { kind: 'renewed', ms: 12, clockSkewMs: null },
  { kind: 'failed', ms: 1, fault: new Fault('upstream_busy', { retryAfterMs: 3000, details: { code: 99991400 } }) },
  { kind: 'sign_in_needed', ms: 1, fault: new Fault('sign_in_again', { words: { zh: '请重新登录', en: 'Sign in' } }) },
];

test.each(results)('the outcome $kind reaches the gateway unchanged', async (result) => {
  expect(readOutcome(await writeOutcome(async () => result))).toEqual(result);
});

test('a fault before the refresh token was spent is thrown on the other side', async () => {
  const text = await writeOutcome(() => Promise.reject(new Fault('storage')));
  expect(() => readOutcome(text)).toThrow(expect.objectContaining({ code: 'storage' }));
});
