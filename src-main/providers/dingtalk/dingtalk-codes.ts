/** What an answer that is no success means for us. */
export type Meaning =
  | 'auth'
  | 'permission'
  | 'missing'
  /** Where a document should go does not exist, or has one of that name. */
  | 'place'
  | 'input'
  | 'conflict'
  /** Too many calls of this app. */
  | 'busy'
  /** Too many calls of everybody. */
  | 'crowded'
  | 'quota'
  /** Our network address is shut out for some minutes. */
  | 'banned'
  | 'failed'
  | 'unreachable'
  | 'timeout'
  /** Something has to be set here first. */
  | 'setup'
  | 'unknown';

const exact: Readonly<Record<string, Meaning>> = {
  invalidauthentication: 'auth',
  'accesstoken.expired': 'auth',
  invalidclientidorsecret: 'auth',
  'forbidden.acrossorg': 'permission',
  'forbidden.user.notinorg': 'permission',
  permissiondenied: 'permission',
  orgauthlevelnotenough: 'permission',
  docnotexist: 'missing',
  documentnotexist: 'missing',
  nodenotexist: 'missing',
  dentrynotexist: 'missing',
  'invalidrequest.resource.notfound': 'missing',
  'invalidrequest.document.deleted': 'missing',
  parentnodenotexist: 'place',
  workspacenotexist: 'place',
  'invalidrequest.workspacenode.parentnotfound': 'place',
  'invalidrequest.workspace.deleted': 'place',
  operationconcurrentcontrol: 'conflict',
  concurrenterror: 'conflict',
  'system.busy': 'crowded',
  systembusy: 'crowded',
  systemerror: 'failed',
  operationtimeout: 'failed',
};

/** The first that fits decides: rate limits come as "Forbidden.AccessDenied…" too, and are no matter of permissions. */
const shapes: readonly (readonly [RegExp, Meaning])[] = [
  [/apicountlimit/, 'quota'],
  [/qp[sm]limitforapi$/, 'crowded'],
  [/qp[sm](limit|$)/, 'busy'],
  [/^authenticationfailed\./, 'auth'],
  [/^forbidden\.accessdenied(\.|$)/, 'permission'],
  [/^(space|workspace).*notaccessible$/, 'permission'],
  [/nameconflict$/, 'place'],
  [/conflict/, 'conflict'],
];

/** Of a 400 only: these say what is wrong with a request. */
const inputShape = /^(paramerror|invalidrequest\.inputargs\.|missing)/;

/** The meaning of DingTalk's code, and of the HTTP status where the code says nothing. */
export function meaningOf(status: number, code: string): Meaning {
  const name = code.toLowerCase();
  const known = exact[name] ?? shapes.find(([shape]) => shape.test(name))?.[1];
  if (known !== undefined) return known;
  if (status === 400 && inputShape.test(name)) return 'input';
  return byStatus(status);
}

function byStatus(status: number): Meaning {
  if (status === 401) return 'auth';
  if (status === 409) return 'conflict';
  if (status === 429) return 'crowded';
  return status >= 500 ? 'failed' : 'unknown';
}
