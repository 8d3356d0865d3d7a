import type { AuthInfo } from '@modelcontextprotocol/server';
import { Fault } from '../base/fault.ts';
import type { Caller } from './caller.ts';
import type { Session } from './session.ts';

/** The SDK carries an AuthInfo from the request to the handler. Ours holds no token: it only says who visits. */
class Visit implements AuthInfo {
  readonly token = '';
  readonly scopes = [];
  readonly clientId: string;
  readonly caller: Caller;
  readonly session: Session;

  constructor(caller: Caller, session: Session) {
    this.clientId = caller.keyId;
    this.caller = caller;
    this.session = session;
  }
}

export function authInfoOf(caller: Caller, session: Session): AuthInfo {
  return new Visit(caller, session);
}

export function visitOf(authInfo: AuthInfo | undefined): Visit {
  if (authInfo instanceof Visit) return authInfo;
  throw new Fault('key_required');
}
