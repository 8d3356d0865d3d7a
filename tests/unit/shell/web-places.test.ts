import { expect, test } from 'vitest';
import { larkHosts } from '../../../src-main/base/addresses.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import { maySignInThrough, mayOpenOutside, mayShowInWindow } from '../../../src-main/shell/web-places.ts';

const { lark } = configSchema.parse({});
const hosts = [larkHosts('feishu', lark), larkHosts('lark', lark)];
const places = {
  own: 'http://127.0.0.1:5275',
  accounts: hosts.map(({ accounts }) => accounts),
  consoles: hosts.map(({ open }) => open),
};

const signing = { creatingApp: false, link: null };

test('the sign-in window goes to the accounts pages and to our own sign-in, and nowhere else', () => {
  const table: [string, boolean][] = [
    ['https://accounts.feishu.cn/open-apis/authen/v1/authorize?client_id=cli_1', true],
    ['https://accounts.larksuite.com/oauth/v1/device?user_code=A', true],
    ['http://127.0.0.1:5275/oauth/callback?code=1&state=2', true],
    ['http://127.0.0.1:5275/oauth/start?login=x', true],
    ['http://127.0.0.1:5275/oauth/wait?login=x', true],
    ['http://127.0.0.1:5275/dashboard/', false],
    ['http://127.0.0.1:5275/oauth/../dashboard/', false],
    ['http://127.0.0.1:5276/oauth/callback', false],
    ['http://localhost:5275/oauth/callback', false],
    ['http://accounts.feishu.cn/', false],
    ['https://accounts.feishu.cn:8443/', false],
    ['https://accounts.feishu.cn.evil.example/', false],
    ['https://evil.example/accounts.feishu.cn', false],
    ['https://accounts.feishu.cn@evil.example/', false],
    ['https://someone:x@accounts.feishu.cn/', false],
    ['https://open.feishu.cn/page/cli', false],
    ['https://example.feishu.cn/docx/1', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['file:///etc/passwd', false],
    ['lark://applink', false],
    ['about:blank', false],
    ['', false],
  ];
  for (const [url, allowed] of table) expect([url, maySignInThrough(url, places, signing)]).toEqual([url, allowed]);
});

test('the developer console opens in the sign-in window only while an app is created or extended', () => {
  const url = 'https://open.feishu.cn/page/cli?user_code=A';
  const creating = { ...signing, creatingApp: true };
  expect([maySignInThrough(url, places, creating), maySignInThrough(url, places, signing)]).toEqual([true, false]);
  expect(maySignInThrough('https://open.feishu.cn.evil.example/', places, creating)).toBe(false);
});

test('the host that Feishu itself gives a link to belongs to that login; one that is not Feishu does not', () => {
  const through = (url: string, link: string) => maySignInThrough(url, places, { ...signing, link });
  expect(through('https://passport.feishu.cn/next', 'https://passport.feishu.cn/verify?user_code=A')).toBe(true);
  expect(through('https://www.feishu.cn/next', 'https://passport.feishu.cn/verify?user_code=A')).toBe(false);
  expect(through('https://evil.example/next', 'https://evil.example/verify')).toBe(false);
});

test('the main window shows the dashboard alone', () => {
  const table: [string, boolean][] = [
    ['http://127.0.0.1:5275/dashboard/', true],
    ['http://127.0.0.1:5275/dashboard/enter?ticket=x', true],
    ['http://127.0.0.1:5275/oauth/start', false],
    ['http://127.0.0.1:5275/dashboard', false],
    ['http://127.0.0.1:80/dashboard/', false],
    ['https://open.feishu.cn/', false],
  ];
  for (const [url, allowed] of table) expect([url, mayShowInWindow(url, places)]).toEqual([url, allowed]);
});

test('the browser is opened for pages of Feishu and Lark and for our own sign-in', () => {
  const table: [string, boolean][] = [
    ['https://open.feishu.cn/app/cli_1/auth', true],
    ['https://acme.feishu.cn/docx/abc', true],
    ['https://acme.sg.larksuite.com/wiki/abc', true],
    ['http://127.0.0.1:5275/oauth/start?login=x', true],
    ['http://127.0.0.1:5275/dashboard/enter?ticket=x', false],
    ['http://acme.feishu.cn/', false],
    ['https://notfeishu.cn/', false],
    ['https://feishu.cn.evil.example/', false],
    ['ms-settings:', false],
    ['smb://server/share', false],
  ];
  for (const [url, allowed] of table) expect([url, mayOpenOutside(url, places)]).toEqual([url, allowed]);
});
