import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import type { AppBook } from '../accounts/app-book.ts';
import type { SandboxApp } from '../accounts/sandbox-app.ts';
import { describeScope } from '../accounts/scope-words.ts';
import { findPerson } from '../company/people.ts';
import { json, ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, required, tenantRoute } from '../wire/open-route.ts';

const langQuery = z.object({ lang: z.enum(['zh_cn', 'en_us', 'ja_jp']) });

const scopeChanges = z.array(z.object({ scope_name: required, token_type: z.enum(['user', 'tenant']) })).default([]);
const redirects = z.object({ redirect_urls: z.array(z.url()).default([]) }).prefault({});
const configBody = z.object({
  scope: z.object({ add_scopes: scopeChanges, remove_scopes: scopeChanges }).prefault({}),
  security: z.object({ add: redirects, remove: redirects, allow_refresh_token: z.boolean().optional() }).prefault({}),
});
const publishBody = z.object({ remark: required, changelog: required, version: z.string().optional() });

/** What an app may learn about itself. */
export function appConfigRoutes(apps: AppBook): OpenRoute[] {
  return [
    tenantRoute('GET', '/application/v6/applications/:app_id', [], (call) => {
      const { lang } = call.query(langQuery);
      return ok({ app: appView(ownApp(call, apps), lang === 'zh_cn' ? 'zh' : 'en') });
    }),
    tenantRoute('GET', '/application/v6/scopes', [], (call) => {
      const app = callerOf(call, apps);
      if (!app.settings.published) throw new Refusal(212_100, 'app not install');
      const granted = (scope_name: string, scope_type: string) => ({ scope_name, scope_type, grant_status: 1 });
      const own = app.settings.selfManage ? [granted(selfManageScope, 'tenant')] : [];
      return ok({ scopes: [...app.enabledScopes().map((scope) => granted(scope, 'user')), ...own] });
    }),
    tenantRoute('GET', '/bot/v3/info', [], (call) => {
      const { record, settings } = callerOf(call, apps);
      const bot = {
        activate_status: settings.published ? 2 : 0,
        app_name: record.name,
        avatar_url: '',
        ip_white_list: [],
        open_id: `ou_${sha256(record.id).slice(0, 32)}`,
      };
      return json({ code: 0, msg: 'ok', bot });
    }),
  ];
}

/** How an app changes its own configuration. Only Feishu has these; Lark international does not know the paths. */
export function appChangeRoutes(apps: AppBook): OpenRoute[] {
  const path = '/application/v7/applications/:app_id';
  return [
    tenantRoute('PATCH', `${path}/config`, [], (call) => {
      const app = changeableApp(call, apps);
      const { scope, security } = call.body(configBody);
      const userScopes = (changes: z.infer<typeof scopeChanges>) =>
        changes.filter((one) => one.token_type === 'user').map((one) => one.scope_name);
      const { withheldScopes, redirectUris } = app.settings;
      app.change({
        withheldScopes: merge(withheldScopes, userScopes(scope.remove_scopes), userScopes(scope.add_scopes)),
        redirectUris: merge(redirectUris, security.add.redirect_urls, security.remove.redirect_urls),
      });
      if (security.allow_refresh_token !== undefined) app.draftAllowRefresh(security.allow_refresh_token);
      return ok();
    }),
    tenantRoute('POST', `${path}/publish`, [], (call) => {
      const app = changeableApp(call, apps);
      const { version } = call.body(publishBody);
      const count = app.publish();
      return ok({ version_id: versionId(app), version: version ?? `1.0.${count}` });
    }),
  ];
}

const selfManageScope = 'application:application:self_manage';
const readOthersScope = 'admin:app.info:readonly';

function callerOf(call: OpenCall, apps: AppBook): SandboxApp {
  const app = apps.find(call.appId);
  if (!app) throw new Refusal(99_991_662, 'the app is disabled');
  return app;
}

/** The app of the path, which must be the caller itself and may look at itself. */
function ownApp(call: OpenCall, apps: AppBook): SandboxApp {
  const app = callerOf(call, apps);
  const itself = call.param('app_id') === app.id;
  if (itself && app.settings.selfManage) return app;
  const scopes = itself ? [readOthersScope, selfManageScope] : [readOthersScope];
  throw new Refusal(
    99_991_672,
    `Access denied. One of these scopes must be enabled for the app: [${scopes.join(', ')}].`,
    { scopes },
  );
}

/** Self-registered apps are changed by another scan, not here. The code for that is not known; this one is made up. */
function changeableApp(call: OpenCall, apps: AppBook): SandboxApp {
  const app = ownApp(call, apps);
  if (app.record.origin !== 'console') throw new Refusal(211_002, 'only apps of the developer console can be changed');
  return app;
}

function appView(app: SandboxApp, language: 'zh' | 'en') {
  const { record, settings } = app;
  const owner = findPerson(record.owner);
  const scopes = app.enabledScopes().map((scope) => ({
    scope,
    description: describeScope(scope)[language],
    level: 1,
    token_types: scope === 'offline_access' ? ['user'] : ['user', 'tenant'],
  }));
  const own = { scope: selfManageScope, description: '', level: 1, token_types: ['tenant'] };
  return {
    app_id: record.id,
    app_name: record.name,
    description: record.description,
    avatar_url: '',
    creator_id: owner?.openId,
    owner: { type: 2, owner_id: owner?.openId, name: owner?.name },
    status: settings.published ? 1 : 0,
    scene_type: 0,
    payment_type: 0,
    create_source: record.origin === 'console' ? 'developer_console' : 'unknown',
    primary_language: app.brand === 'lark' ? 'en_us' : 'zh_cn',
    scopes: [...scopes, own],
    redirect_urls: settings.redirectUris,
    security: { redirect_urls: settings.redirectUris },
    allow_refresh_token: settings.allowRefresh,
    event: { subscription_type: 'websocket', subscribed_events: [] },
    callback_info: { callback_type: 'websocket', subscribed_callbacks: [] },
    online_version_id: settings.published ? versionId(app) : '',
    unaudit_version_id: '',
  };
}

function versionId(app: SandboxApp): string {
  return `oav_${sha256(`${app.id}/${app.record.versions}`).slice(0, 32)}`;
}

function merge(list: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  return [...new Set([...list, ...added])].filter((one) => !removed.includes(one));
}
