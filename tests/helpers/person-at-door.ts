import type { LoginView } from '../../src-main/contract/views.ts';
import type { StartedGateway } from './start-gateway.ts';

/** The page that waits for a scan, as a browser without scripts sees it. */
export interface WaitPage {
  html: string;
  /** What the QR code and the button lead to; null when nothing is to be confirmed any more. */
  link: URL | null;
  /** What the browser would ask for next by itself. */
  again(): Promise<WaitPage>;
}

/** Opens a sign-in link that leads to such a page. */
export async function openWaitPage(url: string): Promise<WaitPage> {
  const start = await fetch(url, { redirect: 'manual' });
  const location = start.headers.get('location');
  if (start.status !== 303 || !location) throw new Error(`No page that waits: ${start.status} ${await start.text()}`);
  const headers = { cookie: start.headers.get('set-cookie')?.split(';')[0] ?? '' };
  return readWaitPage(new URL(location, url), headers);
}

async function readWaitPage(url: URL, headers: Record<string, string>): Promise<WaitPage> {
  const html = await (await fetch(url, { headers })).text();
  const href = /<a\s+class="button"\s+href="([^"]+)"\s+target="_blank"/.exec(html)?.[1];
  return {
    html,
    link: href === undefined ? null : new URL(href.replaceAll('&#38;', '&')),
    again: () => readWaitPage(url, headers),
  };
}

/** Looks at the page again and again, as its browser does, until it says what `until` waits for. */
export async function watchPage(page: WaitPage, until: (page: WaitPage) => boolean): Promise<WaitPage> {
  let present = page;
  while (!until(present)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    present = await present.again();
  }
  return present;
}

/** Nothing is to be confirmed any more: the page stopped refreshing. */
export const isOver = ({ html }: WaitPage): boolean => !html.includes('http-equiv="refresh"');

/** Resolves with the login when it fits. */
function untilLogin({ app }: Pick<StartedGateway, 'app'>, fits: (login: LoginView) => boolean): Promise<LoginView> {
  return new Promise((resolve) => {
    const stop = app.bus.subscribe((event) => {
      if (event.kind !== 'login.changed' || !fits(event.login)) return;
      stop();
      resolve(event.login);
    });
  });
}

/** Has an app created and a person signed in to it, by two confirmations. */
export async function createOwnApp(gateway: StartedGateway, person: string): Promise<void> {
  const { login } = await gateway.app.call('createApp', {});
  const second = untilLogin(gateway, ({ id, step, url }) => id === login.id && step === 1 && url !== null);
  await gateway.sandbox.confirmRegistration(new URL(login.url ?? ''), { person });
  const { url } = await second;
  const done = untilLogin(gateway, ({ id, state }) => id === login.id && state === 'done');
  await gateway.sandbox.confirmDevice(new URL(url ?? ''), { person });
  await done;
}
