import type { Fault } from '../../base/fault.ts';
import type { CheckView } from '../../contract/views.ts';
import type { AppConfig, AppFacts } from './app-facts.ts';
import { checkWords as say } from './check-words.ts';
import { appPage, appScopePage, type ConsolePlace, scopePage } from './console-pages.ts';

/** What signing in needs of the app. Without a `redirectUrl` people only sign in by a scan. */
export interface Wanted {
  redirectUrl: string | null;
  scopes: readonly string[];
}

type Fix = CheckView['fix'];

/** Says what of an app's configuration stands in the way of signing in, and where each thing is mended. */
export function diagnose(facts: AppFacts, wanted: Wanted, place: ConsolePlace): CheckView[] {
  const { config } = facts;
  return [
    check('credentials', 'ok', say.credentials.ok, null),
    enabled(facts, place),
    ...(wanted.redirectUrl === null ? [] : [redirectUrl(config, wanted.redirectUrl, place)]),
    refreshSwitch(config, place),
    scopes(facts, wanted.scopes, place),
    version(config, place),
    selfManage(config, place),
  ];
}

/** All there is to say of an app whose id or secret Feishu refuses. */
export function refusedCredentials(fault: Fault, place: ConsolePlace): CheckView {
  return check('credentials', 'error', fault.words, { url: appPage(place, 'baseinfo'), copy: null });
}

function enabled({ enabled }: AppFacts, place: ConsolePlace): CheckView {
  if (enabled) return check('enabled', 'ok', say.enabled.ok, null);
  const fix = { url: appPage(place, 'version'), copy: null };
  return enabled === false
    ? check('enabled', 'error', say.enabled.off, fix)
    : check('enabled', 'unknown', say.enabled.unknown, fix);
}

function redirectUrl(config: AppConfig | null, wanted: string, place: ConsolePlace): CheckView {
  const fix = { url: appPage(place, 'safe'), copy: wanted };
  if (!config) return check('redirect_url', 'unknown', say.redirectUrl.unknown(wanted), fix);
  return config.redirectUrls.some((registered) => isSameUrl(registered, wanted))
    ? check('redirect_url', 'ok', say.redirectUrl.ok, null)
    : check('redirect_url', 'warning', say.redirectUrl.missing(wanted), fix);
}

/** Feishu compares whole addresses; query and fragment do not count. */
function isSameUrl(registered: string, wanted: string): boolean {
  const [a, b] = [URL.parse(registered), URL.parse(wanted)];
  return a !== null && b !== null && a.origin === b.origin && a.pathname === b.pathname;
}

function refreshSwitch(config: AppConfig | null, place: ConsolePlace): CheckView {
  if (config?.mayRefresh) return check('refresh_switch', 'ok', say.refreshSwitch.ok, null);
  const fix = { url: appPage(place, 'safe'), copy: null };
  return config?.mayRefresh === false
    ? check('refresh_switch', 'error', say.refreshSwitch.off, fix)
    : check('refresh_switch', 'unknown', say.refreshSwitch.unknown, fix);
}

function scopes({ scopes }: AppFacts, wanted: readonly string[], place: ConsolePlace): CheckView {
  if (!scopes) return check('scopes', 'unknown', say.scopes.unknown, scopeFix(wanted, place));
  const missing = wanted.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return check('scopes', 'ok', say.scopes.ok(wanted.length), null);
  const fix = scopeFix(missing, place);
  return missing.includes('offline_access')
    ? check('scopes', 'error', say.scopes.noOfflineAccess(missing), fix)
    : check('scopes', 'warning', say.scopes.missing(missing), fix);
}

function scopeFix(missing: readonly string[], place: ConsolePlace): Fix {
  return { url: scopePage(place, missing), copy: missing.join(',') };
}

function version(config: AppConfig | null, place: ConsolePlace): CheckView {
  const fix = { url: appPage(place, 'version'), copy: null };
  if (!config) return check('version', 'unknown', say.version.unknown, fix);
  if (config.inReview) return check('version', 'warning', say.version.inReview, fix);
  return config.published
    ? check('version', 'ok', say.version.ok, null)
    : check('version', 'error', say.version.never, fix);
}

const ownScope = 'application:application:self_manage';

function selfManage(config: AppConfig | null, place: ConsolePlace): CheckView {
  return config
    ? check('self_manage', 'ok', say.selfManage.ok, null)
    : check('self_manage', 'unknown', say.selfManage.missing(ownScope), {
        url: appScopePage(place, ownScope),
        copy: ownScope,
      });
}

function check(id: string, level: CheckView['level'], words: CheckView['words'], fix: Fix): CheckView {
  return { id, level, words, fix };
}
