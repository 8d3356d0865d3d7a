import { Fault } from '../base/fault.ts';
import type { TokenIssuer } from './issuer.ts';
import type { Sealer } from './sealed.ts';
import { putApp } from './vault-changes.ts';
import { appSecretOwner } from './vault-file.ts';
import type { Vault } from './vault.ts';

/** The apps that people sign in to, and their secrets. */
export class Apps {
  readonly #vault: Vault;
  readonly #sealer: Sealer;
  readonly #issuerFor: (appId: string, appSecret: string) => TokenIssuer;

  constructor(vault: Vault, sealer: Sealer, issuerFor: (appId: string, appSecret: string) => TokenIssuer) {
    this.#vault = vault;
    this.#sealer = sealer;
    this.#issuerFor = issuerFor;
  }

  async set(appId: string, secret: string): Promise<void> {
    if (this.secretOf(appId) === secret) return;
    await this.#vault.save(putApp(appId, this.#sealer.seal(secret, appSecretOwner(appId))));
  }

  secretOf(appId: string): string | undefined {
    const sealed = this.#vault.state.apps[appId];
    return sealed === undefined ? undefined : this.#sealer.open(sealed, appSecretOwner(appId));
  }

  issuerOf(appId: string): TokenIssuer {
    const secret = this.secretOf(appId);
    if (secret === undefined) throw new Fault('app_missing');
    return this.#issuerFor(appId, secret);
  }
}
