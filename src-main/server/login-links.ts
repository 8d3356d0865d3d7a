import { equalTexts, type Signer } from '../base/signer.ts';
import type { Session } from '../gateway/session.ts';

const sessionPurpose = 'sign-in-link';
const loginPurpose = 'login-link';

const startPurpose = 'start-link';

/** The path of the link that signs in whoever runs this gateway. Without it, or one of those below, nobody begins a sign-in. */
export function startPath(signer: Signer): string {
  return `/oauth/start?start=${signer.sign(startPurpose, '')}`;
}

export function isStartLink(proof: string, signer: Signer): boolean {
  return equalTexts(proof, signer.sign(startPurpose, ''));
}

/** The path of a link that signs a person in for `session`. It can be shown: it opens nothing but Feishu's own page. */
export function signInPath(session: Session, signer: Signer): string {
  return `/oauth/start?session=${encodeURIComponent(signer.seal(sessionPurpose, session.shortId))}`;
}

/** The short id of the session that such a link was made for. */
export function sessionOfLink(sealed: string, signer: Signer): string | undefined {
  return signer.open(sessionPurpose, sealed);
}

/** The path of a link by which any browser of this machine takes up a login that was begun elsewhere. */
export function loginPath(loginId: string, signer: Signer): string {
  return `/oauth/start?login=${encodeURIComponent(signer.seal(loginPurpose, loginId))}`;
}

/** The id of the login that such a link was made for. */
export function loginOfLink(sealed: string, signer: Signer): string | undefined {
  return signer.open(loginPurpose, sealed);
}
