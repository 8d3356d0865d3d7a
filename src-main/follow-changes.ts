import type { Gateway } from './gateway/gateway.ts';
import type { IdentityBase } from './identity.ts';
import type { ClientKeys } from './server/client-keys.ts';
import type { Accounts } from './tokens/accounts.ts';

interface ChangeParts extends Pick<IdentityBase, 'bus' | 'log' | 'notices'> {
  accounts: Accounts;
  clientKeys: ClientKeys;
}

/** What one change means for the others. */
export function followChanges(
  { accounts, bus, clientKeys, log, notices }: ChangeParts,
  gateway: Pick<Gateway, 'toolsChanged' | 'sessions'>,
): void {
  accounts.onScopesGrown((accountId) => {
    gateway.toolsChanged(accountId).catch((err: unknown) => log.error({ err }, 'clients not told of new tools'));
  });
  clientKeys.onChange((change) => {
    if (change.kind === 'client.changed') gateway.sessions.rebind(change.client.keyId);
    else gateway.sessions.endKey(change.keyId).catch((err: unknown) => log.error({ err }, 'sessions not ended'));
  });
  const noteApp = () =>
    accounts.apps.defaultId() === undefined
      ? notices.raise('app.missing', 'warning', appMissing)
      : notices.clear('app.missing');
  bus.subscribe(({ kind }) => {
    if (kind === 'app.changed' || kind === 'app.removed') noteApp();
  });
  noteApp();
}

const appMissing = {
  zh: '还没有飞书应用。在控制台的“账号”页或用 larkgate login 扫码创建一个，也可以填入已有应用的 App ID 和 App Secret。',
  en: 'There is no Feishu app yet. Create one by a scan on the Accounts page of the dashboard or with larkgate login, or enter the id and secret of an app you have.',
};
