import type { DatabaseSync } from 'node:sqlite';
import { larkHosts } from './base/addresses.ts';
import { type ConnectorOptions, openConnectors } from './connectors.ts';
import type { LiveSettings } from './control/live-settings.ts';
import { type Gateway, type GatewayParts, createGateway } from './gateway/gateway.ts';
import type { IdentityBase } from './identity.ts';
import { createLarkProvider, type LarkProvider } from './providers/lark/lark-provider.ts';
import type { ClientKeys } from './server/client-keys.ts';
import type { GrantLinks } from './server/grant-links.ts';
import { signInPath } from './server/login-links.ts';
import type { Accounts } from './tokens/accounts.ts';

export interface OpenGatewayOptions extends ConnectorOptions {
  version: string;
  folders: { catalog: string };
  mount?: GatewayParts['mount'];
}

export interface OpenGatewayParts extends IdentityBase {
  live: LiveSettings;
  database: DatabaseSync;
  accounts: Accounts;
  clientKeys: ClientKeys;
  grants: GrantLinks;
  /** The gateway's own address, known when the door is open. */
  link: { readonly origin: string };
}

export type OpenGateway = Gateway & Pick<LarkProvider, 'definitions'>;

/** Providers, and the gateway before them, each told of what a person changes. */
export function openGateway(
  { settings, connectorSecrets, version, folders, mount }: OpenGatewayOptions,
  parts: OpenGatewayParts,
): OpenGateway {
  const { accounts, clientKeys, grants, link, signer } = parts;
  const { limits, tools } = settings;
  const lark = createLarkProvider({
    ...parts,
    catalogFolder: folders.catalog,
    openUrlOf: (brand) => larkHosts(brand, settings.lark).open,
    settings: tools,
    limits,
  });
  const gateway = createGateway({
    ...parts,
    limits,
    language: tools.language,
    version,
    providers: [lark, ...openConnectors({ settings, connectorSecrets }, parts)],
    apps: accounts.apps,
    brand: settings.lark.brand,
    paused: () => settings.server.paused,
    accountOfKey: (keyId) => clientKeys.accountOf(keyId),
    signInLink: (session) => link.origin + signInPath(session, signer),
    grantLink: (session, wish) => link.origin + grants.path({ ...wish, asker: session.client?.name ?? null }),
    ...(mount && { mount }),
  });
  followTools(parts, lark, gateway);
  return { ...gateway, definitions: lark.definitions };
}

/** A person chooses other tools: clients hear of it, and of tools that cannot be had the person does. */
function followTools({ live, log, notices }: OpenGatewayParts, lark: LarkProvider, gateway: Gateway): void {
  const told = new Set<string>();
  const tell = () => {
    for (const id of told) notices.clear(id);
    for (const { name, words } of lark.notOffered) {
      notices.raise(`tools.${name}`, 'info', words);
      told.add(`tools.${name}`);
    }
  };
  live.onChange('tools.enabled', (wanted) => {
    const choose = lark.choose(wanted.tools.enabled);
    return () => {
      choose();
      tell();
      gateway.relist().catch((err: unknown) => log.error({ err }, 'clients not told of new tools'));
    };
  });
  tell();
}
