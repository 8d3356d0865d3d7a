import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoScopes } from '../../src-main/sandbox/demo-sign-in.ts';
import { accountTexts } from '../../src-renderer/texts/accounts.ts';
import { common } from '../../src-renderer/texts/common.ts';
import { overview } from '../../src-renderer/texts/overview.ts';
import { addTexts, loginTexts } from '../../src-renderer/texts/sign-in.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { advanceSandbox, changeApp } from './sandbox-settings.ts';
import { Stage, type StageOptions } from './stage.ts';

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

/** An app is there from the start, as settings and environment give it. */
async function open(options: StageOptions = {}): Promise<Stage> {
  stage = await Stage.open(browser, { lark: {}, ...options });
  await stage.go('#/accounts');
  return stage;
}

/** Up to the link that waits for a person. */
async function beginScan(on: Stage): Promise<void> {
  await on.go(`#/accounts?add=own&app=${on.sandbox.appId}`);
  await on.button(addTexts.device).click();
  await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).waitFor();
}

const stored = (on: Stage) => on.gateway.app.accounts();

describe('a sign-in that does not end well', () => {
  it('was refused: nothing is stored, the page says so, and the next try works', async () => {
    const on = await open();
    await beginScan(on);
    await on.answer({ deny: true });
    await on.page.getByRole('alert').getByText('You declined on the Feishu page. Nothing was stored.').waitFor();
    expect(stored(on)).toEqual([]);
    await on.button(loginTexts.retry).click();
    await on.answer();
    await on.reads(loginTexts.done('林晓雨'));
    expect(on.complaints).toEqual([]);
  });

  it('was refused when the app was to be created: no app is there', async () => {
    const on = await open({ lark: { appId: '', scopes: [] } });
    await on.go('#/accounts?add=create');
    await on.page.getByLabel(on.t(addTexts.appName)).fill('Tea & <b>Biscuits');
    await on.button(addTexts.createAct).click();
    await on.answer({ deny: true });
    await on.page.getByRole('alert').getByText('Nothing was stored').waitFor();
    await on.reads(accountTexts.appsEmpty);
    await on.button(loginTexts.retry).click();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('create_app', 1, 2)) }).waitFor();
    await on.answer();
    await on.page.getByRole('article', { name: 'Tea & <b>Biscuits' }).waitFor();
  });

  it('took too long: the link is dead, nothing is stored, and there is a way to start again', async () => {
    const clock = new FakeClock(Date.now());
    const on = await open({ clock });
    await beginScan(on);
    await on.page.getByRole('timer').waitFor();
    await clock.advance(5 * 60_000);
    await on.page.getByRole('alert').getByText('The link or QR code expired. Nothing was stored.').waitFor();
    expect(await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).count()).toBe(0);
    expect(stored(on)).toEqual([]);
    await on.button(loginTexts.retry).click();
    await on.page.getByRole('img', { name: on.t(loginTexts.qr) }).waitFor();
  });

  it('was given up: the link is gone at once, and what is confirmed later counts for nothing', async () => {
    const clock = new FakeClock(Date.now());
    const on = await open({ clock });
    await beginScan(on);
    const { logins } = await on.gateway.app.call('snapshot', {});
    await on.button(loginTexts.cancel).click();
    await on.page.getByRole('alert').getByText('The sign-in was canceled. Nothing was stored.').waitFor();
    expect(await on.page.getByRole('link', { name: on.t(loginTexts.open) }).count()).toBe(0);
    const asked = await logOf(on.sandbox, '/oauth/v3/token');
    await on.sandbox.confirmDevice(new URL(logins[0]?.url ?? ''));
    for (let second = 0; second < 10; second += 1) {
      await clock.advance(1000);
      expect(await logOf(on.sandbox, '/oauth/v3/token')).toHaveLength(asked.length);
    }
    await on.page.getByRole('link', { name: on.t(common.close) }).click();
    await on.reads(addTexts.create);
    expect(stored(on)).toEqual([]);
  });

  it('is found again after a reload in the middle', async () => {
    const on = await open();
    await beginScan(on);
    const { logins } = await on.gateway.app.call('snapshot', {});
    const code = logins[0]?.userCode ?? 'no code';
    await on.page.reload();
    await on.page.getByText(code).waitFor();
    // Also by somebody who only knows where accounts are.
    await on.go('#/overview');
    await on.go('#/accounts');
    await on.page.getByText(code).waitFor();
    await on.answer();
    await on.page.getByRole('article', { name: '林晓雨' }).waitFor();
  });
});

describe('an app from the developer console', () => {
  it('with a wrong secret is refused at the field, the secret is gone from the page, and nothing is stored', async () => {
    const on = await open({ lark: { appId: '', scopes: [] } });
    await on.go('#/accounts?add=own');
    const [appId, secret] = [on.page.getByLabel('App ID'), on.page.getByLabel('App Secret')];
    await appId.fill('nonsense');
    await secret.fill('Canary9-secret');
    await on.button(addTexts.addAppAct).click();
    await on.reads(addTexts.appIdWrong);
    expect([await secret.inputValue(), await appId.getAttribute('aria-invalid')]).toEqual(['', 'true']);

    await appId.fill(on.sandbox.appId);
    await secret.fill('Canary9-secret');
    await on.button(addTexts.addAppAct).click();
    await expect.poll(() => secret.getAttribute('aria-invalid')).toBe('true');
    expect(await secret.evaluate((field) => document.activeElement === field)).toBe(true);
    expect(await secret.inputValue()).toBe('');
    await on.reads(accountTexts.appsEmpty);
    expect(await on.everythingShown()).not.toContain('Canary9');
  });

  it('is checked and forgotten, but not while somebody is signed in to it', async () => {
    const on = await open({ signedIn: true });
    const app = on.page.getByRole('article', { name: on.sandbox.appId });
    await app.getByRole('button', { name: on.t(accountTexts.checkOf(on.sandbox.appId)) }).click();
    await app.getByText('The App ID and App Secret are right.').waitFor();
    const forget = async () => {
      await app.getByRole('button', { name: on.t(accountTexts.forgetOf(on.sandbox.appId)) }).click();
      await on.page
        .getByRole('dialog')
        .getByRole('button', { name: on.t(accountTexts.forget), exact: true })
        .click();
    };
    await forget();
    await on.page.getByRole('dialog').getByText('Sign them out first').waitFor();
    await on.page.keyboard.press('Escape');
    await on.button(overview.signOut).click();
    await on.page.getByRole('dialog').getByText('revoked at Feishu').waitFor();
    await on.page
      .getByRole('dialog')
      .getByRole('button', { name: on.t(overview.signOut) })
      .click();
    await on.page.getByRole('article', { name: '林晓雨' }).waitFor({ state: 'detached' });
    await forget();
    await on.reads(accountTexts.appsEmpty);
  });
});

describe('an account', () => {
  it('shows who it is, until when, and what was granted', async () => {
    const on = await open({ signedIn: true });
    const card = on.page.getByRole('article', { name: '林晓雨' });
    await card.getByText(/left/).first().waitFor();
    await card.getByText(on.t(accountTexts.granted(demoScopes.length))).click();
    await card.getByText('docx:document').waitFor();
    await card.getByLabel(on.t(accountTexts.searchScopes)).fill('MESSAGE');
    await card.getByText('docx:document').waitFor({ state: 'detached' });
    await card.getByText('search:message').waitFor();
    await on.button(overview.renew).click();
    await card.getByText(/it worked/).waitFor();
  });

  it('is given a permission that it lacks, from its card', async () => {
    const on = await open({ lark: { scopes: demoScopes } });
    await changeApp(on.sandbox, { withheldScopes: ['task:task:write'] });
    await beginScan(on);
    await on.answer();
    const card = on.page.getByRole('article', { name: '林晓雨' });
    await card.getByText(on.t(accountTexts.missing(1))).waitFor();
    await card.getByText('task:task:write').waitFor();
    await changeApp(on.sandbox, { withheldScopes: [] });
    await card.getByRole('button', { name: on.t(accountTexts.grant) }).click();
    await on.answer();
    await card.getByText(on.t(accountTexts.missing(1))).waitFor({ state: 'detached' });
    expect(stored(on)[0]?.scopes).toContain('task:task:write');
  });

  it('is given a permission that the app made for it lacks, by two scans', async () => {
    const on = await open({ lark: { appId: '', scopes: [] } });
    await on.go('#/accounts?add=create');
    await on.button(addTexts.createAct).click();
    await on.answer();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('sign_in', 2, 2)) }).waitFor();
    const { apps } = await on.gateway.app.call('snapshot', {});
    await changeApp(on.sandbox, { withheldScopes: ['task:task:write'] }, apps[0]?.id);
    await on.answer();
    const card = on.page.getByRole('article', { name: '林晓雨' });
    await card.getByText(on.t(accountTexts.missing(1))).waitFor();
    await card.getByRole('button', { name: on.t(accountTexts.enable) }).click();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('extend_app', 1, 2)) }).waitFor();
    await on.answer();
    await on.page.getByRole('heading', { name: on.t(loginTexts.heading('sign_in', 2, 2)) }).waitFor();
    await on.answer();
    await card.getByText(on.t(accountTexts.missing(1))).waitFor({ state: 'detached' });
    expect(stored(on)[0]?.missingScopes).toEqual([]);
  });

  it('that was not used for too long is asked for once, with the reason, and works again', async () => {
    const on = await open({ signedIn: true });
    await advanceSandbox(on.sandbox, 8 * 24 * 60 * 60_000);
    await on.button(overview.renew).click();
    const card = on.page.getByRole('article', { name: '林晓雨' });
    await card.getByText(on.t(overview.signInNeeded)).waitFor();
    const reason = stored(on)[0]?.reason?.en ?? 'no reason';
    await on.go('#/overview');
    await on.page.getByText(reason).waitFor();
    await on.button(overview.signInAgain).click();
    await on.answer();
    await on.reads(loginTexts.done('林晓雨'));
    expect(stored(on)).toMatchObject([{ state: 'signed_in', reason: null }]);
  });

  it('keeps what it has when somebody else consents in its place', async () => {
    const on = await open({ signedIn: true });
    await on.button(accountTexts.consent).click();
    await on.answer({ person: 'chen.zhiyuan' });
    await on.page.getByRole('alert').getByText('Another Feishu account consented. Nothing was stored.').waitFor();
    expect(stored(on).map(({ name }) => name)).toEqual(['林晓雨']);
  });

  it('goes on working after its person consents again the way they signed in', async () => {
    const on = await open({ signedIn: true });
    await on.button(accountTexts.consent).click();
    await on.reads(loginTexts.inBrowser);
    await on.answer();
    await on.reads(loginTexts.done('林晓雨'));
    expect(await on.callTool()).toContain('oc_');
  });
});

describe('several accounts', () => {
  it('answer each its own clients, and change places when they are told to', async () => {
    const on = await open({ signedIn: true });
    const key = await on.gateway.addKey('Cursor');
    await beginScan(on);
    await on.answer({ person: 'chen.zhiyuan' });
    await on.reads(loginTexts.done('陈志远'));
    const who = async (of: string) => {
      await on.callTool('im_v1_chat_list', of);
      return (await logOf(on.sandbox, '/open-apis/im/v1/chats')).at(-1)?.authorization.person;
    };
    expect([await who(key), await who(on.gateway.key)]).toEqual(['lin.xiaoyu', 'lin.xiaoyu']);

    await on.page.getByLabel(on.t(accountTexts.accountOf('Cursor'))).selectOption('陈志远');
    const card = on.page.getByRole('article', { name: '陈志远' });
    await card.getByText('Cursor').waitFor();
    expect([await who(key), await who(on.gateway.key)]).toEqual(['chen.zhiyuan', 'lin.xiaoyu']);

    await card.getByRole('button', { name: on.t(overview.makeDefault) }).click();
    await card.getByText(on.t(overview.isDefault), { exact: true }).waitFor();
    expect(await who(on.gateway.key)).toBe('chen.zhiyuan');
    expect(on.complaints).toEqual([]);
  });

  it('of Feishu and Lark live side by side', async () => {
    const on = await open({ signedIn: true });
    await on.go('#/accounts?add=own');
    await on.page.getByLabel('App ID').fill(on.sandbox.larkAppId);
    await on.page.getByLabel('App Secret').fill(on.sandbox.larkAppSecret);
    await on.page.getByLabel(on.t(addTexts.brand)).selectOption('lark');
    await on.button(addTexts.addAppAct).click();
    await on.button(addTexts.device).click();
    await on.answer();
    await on.reads(loginTexts.done('Olivia Carter'));
    expect(stored(on).map(({ name, brand }) => [name, brand])).toEqual([
      ['林晓雨', 'feishu'],
      ['Olivia Carter', 'lark'],
    ]);
    await on.page.getByRole('article', { name: 'Olivia Carter' }).getByText('Lark (international)').waitFor();
    const app = on.page.getByRole('article', { name: on.sandbox.larkAppId });
    await app.getByRole('button', { name: on.t(overview.makeDefault) }).click();
    await app.getByText(on.t(overview.isDefault), { exact: true }).waitFor();
    const { apps } = await on.gateway.app.call('snapshot', {});
    expect(apps.filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual([on.sandbox.larkAppId]);
  });

  it('share a session: it is switched while it runs', async () => {
    const on = await open({ signedIn: true });
    await on.gateway.signIn('wang.siqi');
    const client = await on.connect('Claude Code');
    const who = async () => {
      await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
      return (await logOf(on.sandbox, '/open-apis/im/v1/chats')).at(-1)?.authorization.person;
    };
    expect(await who()).toBe('lin.xiaoyu');
    await on.go('#/sessions');
    await on.page.getByLabel(on.t(accountTexts.accountOf('Claude Code'))).selectOption('王思琪');
    await expect.poll(who).toBe('wang.siqi');
    await client.close();
  });
});
