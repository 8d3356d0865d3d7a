import { createHash, randomBytes } from 'node:crypto';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Language } from '../../src-main/contract/words.ts';
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { accountTexts, ways } from '../../src-renderer/texts/accounts.ts';
import { common } from '../../src-renderer/texts/common.ts';
import { overview } from '../../src-renderer/texts/overview.ts';
import { addTexts, loginTexts } from '../../src-renderer/texts/sign-in.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { changeApp } from './sandbox-settings.ts';
import { Stage } from './stage.ts';

let browser: Browser;
let stage: Stage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await stage?.pictureOfFailure(task.name);
  await stage?.close();
  stage = undefined;
});

afterAll(() => browser.close());

/** From the first look at an empty gateway to the place where an account is added. */
async function begin(language: Language, pictures: string): Promise<Stage> {
  stage = await Stage.open(browser, { language, pictures });
  await stage.picture('overview');
  await stage.link(overview.signIn).first().click();
  await stage.reads(addTexts.create);
  await stage.picture('ways');
  return stage;
}

/** The end of every way in: who it is, and that a client works as this person. */
async function finish(on: Stage): Promise<void> {
  await on.reads(loginTexts.done('林晓雨'));
  await on.picture('done');
  expect(await on.callTool()).toContain('oc_');
  await on.link(loginTexts.connect).click();
  await on.page.getByRole('cell', { name: 'im_v1_chat_list' }).waitFor();
  await on.picture('answer');
  expect(on.confirmations).toBeLessThanOrEqual(2);
  expect(on.complaints).toEqual([]);
}

/** The secret of the app is nowhere to be seen, and no token. */
async function expectNoSecrets(on: Stage, ...secrets: string[]): Promise<void> {
  const shown = await on.everythingShown();
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/\bur?-[\w.-]{20,}|eyJ[\w-]{10,}\./);
}

async function addOwnApp(on: Stage): Promise<void> {
  await on.link(addTexts.own).click();
  await on.page.getByLabel(on.t(addTexts.appId)).fill(on.sandbox.appId);
  await on.page.getByLabel(on.t(addTexts.appSecret)).fill(on.sandbox.appSecret);
  await on.picture('app');
  await on.button(addTexts.addAppAct).click();
  await on.button(addTexts.device).waitFor();
  await on.picture('choose');
}

describe.each<{ language: Language; name: string }>([
  { language: 'zh', name: 'Chinese' },
  { language: 'en', name: 'English' },
])('from an empty data folder to the answer of a tool, in $name', ({ language }) => {
  it('one scan makes an app, another signs in; nothing is typed', async () => {
    const on = await begin(language, 'create');
    await on.link(addTexts.create).click();
    await on.picture('form');
    await on.button(addTexts.createAct).click();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('create_app', 1, 2)) }).waitFor();
    await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).waitFor();
    await on.page.getByRole('timer').waitFor();
    await on.picture('scan-app');
    await on.answer();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('sign_in', 2, 2)) }).waitFor();
    await on.picture('scan-sign-in');
    await on.answer();
    await finish(on);
    expect(on.confirmations).toBe(2);
    await on.go('#/accounts');
    await on.reads(ways.device);
    await expectNoSecrets(on);
  });

  it('an app that one has, then a scan', async () => {
    const on = await begin(language, 'device');
    await addOwnApp(on);
    await on.button(addTexts.device).click();
    await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).waitFor();
    const { logins } = await on.gateway.app.call('snapshot', {});
    await on.page.getByText(logins[0]?.userCode ?? 'no code').waitFor();
    await on.picture('scan');
    await on.answer();
    await finish(on);
    expect(on.confirmations).toBe(1);
    await expectNoSecrets(on, on.sandbox.appSecret);
  });

  it('an app that one has, then the browser, after the doctor found what its configuration lacks', async () => {
    const on = await begin(language, 'browser');
    await addOwnApp(on);
    await on.link(addTexts.browser).click();
    const { redirectUrl } = await on.gateway.app.call('snapshot', {});
    const report = on.page.getByRole('region', { name: on.t(accountTexts.report(on.sandbox.appId)) });
    await report.getByText('20029').waitFor();
    await on.picture('doctor');
    await on.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await report.getByRole('button', { name: `${on.t(common.copy)} ${on.t(accountTexts.toPaste)}` }).click();
    const pasted = await on.page.evaluate(() => navigator.clipboard.readText());
    expect(pasted).toBe(redirectUrl);
    await changeApp(on.sandbox, { strictRedirects: true, redirectUris: [pasted] });
    await report.getByRole('button', { name: on.t(accountTexts.checkAgain) }).click();
    await report.getByText('20029').waitFor({ state: 'detached' });
    await on.picture('mended');
    await on.button(addTexts.browserAct).click();
    await on.reads(loginTexts.inBrowser);
    expect(await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).count()).toBe(0);
    await on.picture('open');
    await on.answer();
    await finish(on);
    expect(on.confirmations).toBe(1);
    await expectNoSecrets(on, on.sandbox.appSecret);
  });

  it('a token from elsewhere, for two hours', async () => {
    const on = await begin(language, 'token');
    const token = await userToken(on.sandbox);
    on.confirmations += 1;
    await on.link(addTexts.token).click();
    await on.page.getByLabel(on.t(addTexts.tokenLabel)).fill(token);
    await on.picture('paste');
    await on.button(addTexts.tokenAct).click();
    on.confirmations += 1;
    await finish(on);
    await on.go('#/accounts');
    await on.reads(overview.manual);
    await on.reads(ways.token);
    await on.picture('account');
    await expectNoSecrets(on, token);
  });
});

/** A user_access_token as the API explorer of Feishu shows it to somebody who said yes there. */
async function userToken(sandbox: Sandbox): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const redirectUri = 'http://127.0.0.1:1/oauth/callback';
  const authorize = new URL('/open-apis/authen/v1/authorize', sandbox.url);
  authorize.search = new URLSearchParams({
    client_id: sandbox.appId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'im:chat:read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const code = (await sandbox.consent(authorize)).searchParams.get('code') ?? '';
  const answer = await fetch(new URL('/open-apis/authen/v2/oauth/token', sandbox.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      grant_type: 'authorization_code',
      client_id: sandbox.appId,
      client_secret: sandbox.appSecret,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}
