import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a secret belongs to. It opens only for the very same owner. */
export interface SecretOwner {
  appId: string;
  /** Whose or what: a person's union id, or a fixed word for a secret of the app itself. */
  subject: string;
}

/** Seals secrets for a file with AES-256-GCM. */
export interface Sealer {
  seal(secret: string, owner: SecretOwner): string;
  /** Undefined when the text was altered, belongs to another owner or was sealed with another key. */
  open(sealed: string, owner: SecretOwner): string | undefined;
}

/** Bound into every record: one of another layout never opens. */
const schemaVersion = 1;
const ivBytes = 12;
const tagBytes = 16;

/** The text form is `iv.ciphertext.tag`, each base64url. Every app has its own key, derived from `masterKey` (RFC 5869). */
export function createSealer(masterKey: Buffer): Sealer {
  const keys = new Map<string, Buffer>();
  const keyOf = (appId: string): Buffer => {
    const known = keys.get(appId);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', masterKey, '', `larkgate tokens ${appId}`, 32));
    keys.set(appId, key);
    return key;
  };
  return {
    seal: (secret, owner) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', keyOf(owner.appId), iv, { authTagLength: tagBytes });
      cipher.setAAD(associatedData(owner));
      const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')).join('.');
    },
    open: (sealed, owner) => {
      const [iv, ciphertext, tag, ...rest] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      if (iv?.length !== ivBytes || !ciphertext || tag?.length !== tagBytes || rest.length > 0) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', keyOf(owner.appId), iv, { authTagLength: tagBytes });
      decipher.setAAD(associatedData(owner)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** JSON, so that no two owners have the same bytes. */
function associatedData(owner: SecretOwner): Buffer {
  return Buffer.from(JSON.stringify([schemaVersion, owner.appId, owner.subject]));
}
