import type { LarkHosts } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Brand, CheckView } from '../../contract/views.ts';
import type { AppCredentials } from '../../tokens/issuer.ts';
import { type AppFacts, readAppConfig, readGrantedScopes } from './app-facts.ts';
import { diagnose, refusedCredentials, type Wanted } from './diagnose.ts';
import { type LarkAnswer, readLarkAnswer } from './lark-answer.ts';
import { readTenantToken } from './tenant-token.ts';

/** Looks at an app as the app itself, which is the one thing LarkGate does without a person. */
export interface AppInspector {
  /** Rejects with `app_credentials` and Feishu's reason when id and secret do not belong together. */
  prove(app: AppCredentials): Promise<void>;
  /** What persons can grant to the app; null where that cannot be known. */
  enabledScopes(app: AppCredentials): Promise<string[] | null>;
  /** The doctor's report. Rejects only when Feishu cannot be asked. */
  examine(app: AppCredentials, wanted: Wanted): Promise<CheckView[]>;
}

export interface AppInspectorParts {
  http: HttpClient;
  hostsFor(brand: Brand): LarkHosts;
}

const deadlineMs = 8000;
const maxBytes = 1024 * 1024;

export function createAppInspector({ http, hostsFor }: AppInspectorParts): AppInspector {
  const urlOf = ({ brand }: AppCredentials, path: string) => new URL(path, hostsFor(brand).open);

  const tokenOf = async (app: AppCredentials): Promise<string> => {
    const url = urlOf(app, '/open-apis/auth/v3/tenant_access_token/internal');
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body = JSON.stringify({ app_id: app.appId, app_secret: app.appSecret });
    const answer = await http({ method: 'POST', url, headers, body, deadlineMs, maxBytes });
    return readTenantToken(answer, app.appSecret);
  };

  const ask = async (app: AppCredentials, token: string, path: string): Promise<LarkAnswer> => {
    const headers = { authorization: `Bearer ${token}` };
    const read = readLarkAnswer(await http({ method: 'GET', url: urlOf(app, path), headers, deadlineMs, maxBytes }));
    // A failure of the moment tells nothing about the app.
    if (read.fault?.code === 'upstream_failed' || read.fault?.code === 'upstream_busy') throw read.fault;
    return read;
  };

  const factsOf = async (app: AppCredentials): Promise<AppFacts> => {
    const token = await tokenOf(app);
    const path = `/open-apis/application/v6/applications/${encodeURIComponent(app.appId)}?lang=zh_cn`;
    const own = await ask(app, token, path);
    const config = own.fault ? undefined : readAppConfig(own.data);
    if (config) return { config, enabled: config.enabled, scopes: config.scopes };
    const grants = await ask(app, token, '/open-apis/application/v6/scopes');
    const scopes = grants.fault ? null : (readGrantedScopes(grants.data) ?? null);
    if (isOff(own) || isOff(grants)) return { config: null, enabled: false, scopes };
    return { config: null, enabled: scopes === null ? null : true, scopes };
  };

  return {
    prove: async (app) => void (await tokenOf(app)),
    enabledScopes: async (app) => (await factsOf(app)).scopes,
    examine: async (app, wanted) => {
      const place = { openUrl: hostsFor(app.brand).open, appId: app.appId };
      try {
        return diagnose(await factsOf(app), wanted, place);
      } catch (thrown) {
        const fault = Fault.from(thrown);
        if (fault.code === 'app_credentials') return [refusedCredentials(fault, place)];
        if (fault.code !== 'app_unavailable') throw fault;
        return diagnose({ config: null, enabled: false, scopes: null }, wanted, place);
      }
    },
  };
}

/** 212100: the app is not installed in its organization. */
function isOff({ code, fault }: LarkAnswer): boolean {
  return code === 212100 || fault?.code === 'app_unavailable';
}
