import type { AuthInfo } from '@modelcontextprotocol/server';
import { Fault } from '../base/fault.ts';
import type { Caller } from './caller.ts';
import type { Session } from './session.ts';

interface Visit {
  caller: Caller;
  session: Session;
}

// The SDK carries an AuthInfo from the request to the handler. Ours holds no token: it only leads to the visit.
const visits = new WeakMap<AuthInfo, Visit>();

export function authInfoOf(caller: Caller, session: Session): AuthInfo {
  const authInfo = { token: '', clientId: caller.keyId, scopes: [] };
  visits.set(authInfo, { caller, session });
  return authInfo;
}

export function visitOf(authInfo: AuthInfo | undefined): Visit {
  const visit = authInfo && visits.get(authInfo);
  if (!visit) throw new Fault('key_required');
  return visit;
}
