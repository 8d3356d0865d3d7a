import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Signs short texts with keys derived from the master key; each purpose has its own. */
export class Signer {
  readonly #masterKey: Buffer;

  constructor(masterKey: Buffer) {
    this.#masterKey = masterKey;
  }

  /** 256 bits in base64url that only this installation can make. */
  sign(purpose: string, text: string): string {
    return createHmac('sha256', this.keyFor(purpose)).update(text).digest('base64url');
  }

  /** The key of one purpose, for a program of ours that is to know this one and no other. */
  keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#masterKey, '', `larkgate/${purpose}/v1`, 32));
  }

  /** `text.signature`, for a link or a cookie. */
  seal(purpose: string, text: string): string {
    return `${text}.${this.sign(purpose, text)}`;
  }

  /** The text of a sealed value, or undefined when it was not made here for this purpose. */
  open(purpose: string, sealed: string): string | undefined {
    const at = sealed.lastIndexOf('.');
    if (at < 0) return undefined;
    const text = sealed.slice(0, at);
    return equalTexts(sealed.slice(at + 1), this.sign(purpose, text)) ? text : undefined;
  }
}

/** Compares in a time that does not tell where two texts differ. */
export function equalTexts(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
