import { AsyncLocalStorage } from 'node:async_hooks';
import type { registerApp } from '@larksuiteoapi/node-sdk';
import { z } from 'zod';
import type { LarkHosts } from '../../base/addresses.ts';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Brand } from '../../contract/views.ts';
import type { RegisteredApp, Registrar, Registration } from '../../tokens/registrar.ts';
import { larkOauthEnds } from './lark-oauth-codes.ts';
import { RegistrationLine } from './registration-line.ts';

export interface RegistrarParts {
  http: HttpClient;
  clock: Clock;
  hostsFor(brand: Brand): LarkHosts;
}

type RegisterApp = typeof registerApp;

/** The SDK sends through one HTTP instance for all; this tells whose request it is. */
const lines = new AsyncLocalStorage<RegistrationLine>();

/** App registration by the official SDK, over the gateway's own HTTP client and clock. */
export function createRegistrar({ http, clock, hostsFor }: RegistrarParts): Registrar {
  return async (registration) => {
    const { signal, appId } = registration;
    // A new app is always begun at Feishu, as the official CLI does: the answer says where the person belongs.
    const brand = appId === undefined ? 'feishu' : registration.brand;
    const hosts = { own: hostsFor(brand).accounts, lark: hostsFor('lark').accounts };
    const onNote = registration.onNote.bind(registration);
    const line = new RegistrationLine({ http, clock, origins: Object.values(hosts), signal, onNote });
    try {
      const registerApp = await loadSdk();
      const app = await lines.run(line, () => registerApp(toOptions(registration, hosts, line)));
      if (appId !== undefined && app.client_id !== appId) throw new Fault('login_failed', { words: anotherApp });
      const { client_id, client_secret, user_info } = app;
      // The last answer of the other host need not say again whose it is.
      const isLark = line.switched || user_info?.tenant_brand === 'lark';
      return { appId: client_id, appSecret: client_secret, brand: isLark ? 'lark' : brand } satisfies RegisteredApp;
    } catch (thrown) {
      throw toFault(thrown, signal);
    }
  };
}

/** Six megabytes of code that most runs never need. */
async function loadSdk(): Promise<RegisterApp> {
  const { defaultHttpInstance, registerApp } = await import('@larksuiteoapi/node-sdk');
  defaultHttpInstance.defaults.adapter = async (config) => {
    const line = lines.getStore();
    if (!line) throw new Fault('internal');
    const data = await line.exchange(config.url ?? '', String(config.data));
    return { data, status: 200, statusText: 'OK', headers: {}, config };
  };
  return registerApp;
}

function toOptions(
  registration: Registration,
  hosts: { own: string; lark: string },
  line: RegistrationLine,
): Parameters<RegisterApp>[0] {
  const { appId, name, scopes, signal, onLink } = registration;
  const addons = { scopes: { user: [...scopes] } };
  return {
    domain: new URL(hosts.own).host,
    larkDomain: new URL(hosts.lark).host,
    source: 'larkgate',
    signal,
    onQRCodeReady: ({ url }) => onLink.call(registration, { url: new URL(url), expiresInMs: line.lifeMs }),
    onStatusChange: ({ status }) => {
      if (status !== 'domain_switched' || hosts.own === hosts.lark) return;
      line.switched = true;
      line.note('domain_switched');
    },
    ...(appId === undefined
      ? // Without the platform's template: what the app may do is what is listed, and nothing else.
        {
          createOnly: true,
          appPreset: { name: name ?? 'LarkGate ({user})', desc },
          addons: { ...addons, preset: false },
        }
      : { appId, addons }),
  };
}

const desc = '让 AI 客户端以你本人的身份使用飞书。由 LarkGate 创建，只在你的电脑上使用。';

const anotherApp = {
  zh: '在飞书页面上更改的是另一个应用，不是这里的应用。请重新开始，并选择原来的应用。',
  en: 'Another app than this one was changed on the Feishu page. Start again and choose the app that asked.',
};

/** How the SDK rejects when Feishu, or the signal, ended the registration. */
const sdkErrorSchema = z.object({ code: z.string() });

function toFault(thrown: unknown, signal: AbortSignal): Fault {
  if (signal.aborted) return new Fault('login_canceled', { cause: thrown });
  if (thrown instanceof Fault) return thrown;
  const name = sdkErrorSchema.safeParse(thrown).data?.code;
  if (name === undefined) return Fault.from(thrown);
  return new Fault(larkOauthEnds.get(name) ?? 'login_failed', { details: { error: name } });
}
