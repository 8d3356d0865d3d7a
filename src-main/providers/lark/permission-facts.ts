import type { Words } from '../../contract/words.ts';
import { type ConsolePlace, scopePage } from './console-pages.ts';

const scopeName = /^[\w:.-]{1,100}$/;

/**
 * The permissions of which any one is enough, the one that allows least first. Feishu lists them in its violations, and
 * older services only in the message: "... One of the following scopes is required: [a:b, a:b:readonly]".
 */
export function acceptedScopes(violations: readonly { subject: string }[], msg: string): string[] {
  const listed = violations.map(({ subject }) => subject).filter((name) => scopeName.test(name));
  const scopes = listed.length > 0 ? listed : scopesInMessage(msg);
  return [...new Set(scopes)].sort((a, b) => reach(a) - reach(b));
}

function scopesInMessage(msg: string): string[] {
  return [...msg.matchAll(/\[([^\]]{3,2000})\]/g)]
    .flatMap(([, list = '']) => list.split(/[,\s]+/))
    .filter((name) => name.includes(':') && scopeName.test(name))
    .slice(0, 50);
}

/**
 * How much a permission allows, as far as its name tells: reading before writing, then the one with more parts to its
 * name. One that names its domain twice, such as drive:drive, is the whole of it.
 */
function reach(scope: string): number {
  const parts = scope.split(/[.:]/);
  const [domain, thing] = parts;
  const reads = /:(read|readonly|retrieve|search|get_as_user)$/.test(scope);
  return (reads ? 0 : 100) - parts.length + (domain === thing ? 1 : 0);
}

/** Says which permissions are missing, so that a model can name them and a person can act. */
export function scopeWords(kind: 'scope' | 'app_scope', anyOf: readonly string[]): Words | undefined {
  if (anyOf.length === 0) return undefined;
  const shown = anyOf.slice(0, 6);
  const some = shown.length > 1;
  const zh = `${shown.join('、')}${some ? '（任一即可）' : ''}`;
  const en = `${shown.join(', ')}${some ? ' (any one is enough)' : ''}`;
  return kind === 'scope'
    ? {
        zh: `你还没有授予所需的权限：${zh}。请打开链接授权，然后重试。`,
        en: `You have not granted a permission this needs: ${en}. Open the link to grant it, then try again.`,
      }
    : {
        zh: `应用还没有开通所需的权限：${zh}。请在开发者后台开通，再授予它，然后重试。`,
        en: `The app has not enabled a permission this needs: ${en}. Enable it in the developer console, grant it, then try again.`,
      };
}

/** The page that enables the least of them; none for a token whose app is not known. */
export function enablingPage(app: ConsolePlace | undefined, anyOf: readonly string[]): string | undefined {
  const [least] = anyOf;
  return app && least !== undefined ? scopePage(app, [least]) : undefined;
}
