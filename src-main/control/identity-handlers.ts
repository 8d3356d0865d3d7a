import { Fault } from '../base/fault.ts';
import type { ControlOutput, ParsedControlInput } from '../contract/control.ts';
import type { AccountView, AppView, ClientView, LoginView } from '../contract/views.ts';
import type { Handlers } from './handlers.ts';

export interface IdentityParts {
  accounts: { list(): AccountView[] };
  apps: {
    list(): AppView[];
    /** Rejects with `app_credentials` and Feishu's reason when id and secret do not belong together. */
    add(input: ParsedControlInput<'addApp'>): Promise<AppView>;
    setDefault(appId: string): Promise<void>;
    forget(appId: string): Promise<void>;
    /** The default app when none is named. */
    examine(appId: string | undefined): Promise<ControlOutput<'doctor'>>;
  };
  logins: {
    list(): LoginView[];
    createApp(input: ParsedControlInput<'createApp'>): Promise<LoginView>;
    begin(input: ParsedControlInput<'login'>): Promise<LoginView>;
    extendApp(input: ParsedControlInput<'extendApp'>): Promise<LoginView>;
    cancel(loginId: string): LoginView;
    addToken(input: ParsedControlInput<'addToken'>): Promise<AccountView>;
  };
  clients: { list(): ClientView[]; bind(keyId: string, accountId: string | null): Promise<void> };
}

type IdentityMethod =
  | 'createApp'
  | 'addApp'
  | 'setDefaultApp'
  | 'forgetApp'
  | 'doctor'
  | 'login'
  | 'extendApp'
  | 'cancelLogin'
  | 'logins'
  | 'addToken'
  | 'bindClient';

/** Who acts: apps, sign-ins, and which client works as whom. */
export function identityHandlers(parts: IdentityParts): Pick<Handlers, IdentityMethod> {
  const { apps, logins, clients } = parts;
  return {
    createApp: async (input) => ({ login: await logins.createApp(input) }),
    addApp: async (input) => ({ app: await apps.add(input) }),
    setDefaultApp: async ({ appId }) => {
      await apps.setDefault(appId);
      return { apps: apps.list() };
    },
    forgetApp: async ({ appId }) => {
      await apps.forget(appId);
      return { apps: apps.list() };
    },
    doctor: ({ appId }) => apps.examine(appId),
    login: async (input) => ({ login: await logins.begin(input) }),
    extendApp: async (input) => ({ login: await logins.extendApp(input) }),
    cancelLogin: ({ loginId }) => ({ login: logins.cancel(loginId) }),
    logins: () => ({ logins: logins.list() }),
    addToken: async (input) => ({ account: await logins.addToken(input) }),
    bindClient: async ({ keyId, accountId }) => {
      requireAccount(parts, accountId);
      await clients.bind(keyId, accountId);
      return { clients: clients.list() };
    },
  };
}

/** Throws `sign_in_required` for an account that is not there: nobody is bound to it by a slip. Null is nobody's. */
export function requireAccount({ accounts }: Pick<IdentityParts, 'accounts'>, accountId: string | null): void {
  if (accountId !== null && !accounts.list().some(({ id }) => id === accountId)) throw new Fault('sign_in_required');
}
