import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { json, type StandInAnswer, type StandInRequest } from '../stand-in/stand-in-exchange.ts';
import { DingtalkNo, dingtalkPresets, toAnswer } from './dingtalk-no.ts';
import type { DingtalkRoute } from './dingtalk-routes.ts';
import { deleteRoute, documentRoutes } from './document-routes.ts';
import { wikiRoutes } from './wiki-routes.ts';
import { DingtalkWorld } from './world.ts';

export interface DingtalkStandInOptions {
  clock: Clock;
  port?: number;
  oapiPort?: number;
  /** Whether a range of blocks includes its last index: DingTalk's documents do not say. */
  inclusiveRange?: boolean;
}

/** A stand-in for DingTalk: its current API and its older host, each on its own origin, with a few documents behind. */
export interface DingtalkStandIn {
  readonly url: string;
  readonly oapiUrl: string;
  readonly appKey: string;
  readonly appSecret: string;
  /** The unionId of the person that calls may be made for, and the userId of the same. */
  readonly operatorId: string;
  readonly operatorUserId: string;
  readonly world: DingtalkWorld;
  /** Log, counters and faults of each origin. */
  readonly api: StandIn;
  readonly oapi: StandIn;
  /** Makes the token that is out there worthless. */
  revokeToken(): void;
  close(): Promise<void>;
}

const lifetimeMs = 7_200_000;
const people: Readonly<Record<string, string>> = { 'user-lin': 'union-lin' };

export async function createDingtalkStandIn(options: DingtalkStandInOptions): Promise<DingtalkStandIn> {
  const { clock, port, oapiPort, inclusiveRange = true } = options;
  const world = new DingtalkWorld(() => clock.now());
  const tokens = new TokenDesk(clock);
  const routes = [...wikiRoutes, ...documentRoutes({ inclusive: inclusiveRange }), deleteRoute];
  let count = 0;
  const handle = (request: StandInRequest): StandInAnswer => {
    count += 1;
    const requestid = `REQ-${String(count).padStart(8, '0')}`;
    try {
      return answerApi(request, { clock, world, tokens, routes });
    } catch (thrown) {
      if (thrown instanceof DingtalkNo) return toAnswer(thrown, requestid);
      return toAnswer(new DingtalkNo(500, 'systemError', '系统错误'), requestid);
    }
  };
  const api = await StandIn.open({ clock, ...(port !== undefined && { port }), handle, presets: dingtalkPresets });
  const oapi = await StandIn.open({
    clock,
    ...(oapiPort !== undefined && { port: oapiPort }),
    handle: (request) => answerOld(request, tokens),
    presets: dingtalkPresets,
  });
  return {
    url: api.url,
    oapiUrl: oapi.url,
    appKey: tokens.appKey,
    appSecret: tokens.appSecret,
    operatorId: 'union-lin',
    operatorUserId: 'user-lin',
    world,
    api,
    oapi,
    revokeToken: () => tokens.revoke(),
    close: async () => {
      await Promise.all([api.close(), oapi.close()]);
    },
  };
}

const credentials = z.looseObject({ appKey: z.string(), appSecret: z.string() });

/** One token at a time: asked for again while it is good, the same comes back and lives longer. */
class TokenDesk {
  readonly appKey = 'dingsandboxappkey';
  readonly appSecret = 'sandbox-dingtalk-secret';
  readonly #clock: Clock;
  #token: { value: string; until: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  give(body: unknown): Record<string, unknown> {
    const given = credentials.safeParse(body).data;
    if (given?.appKey !== this.appKey || given.appSecret !== this.appSecret)
      throw new DingtalkNo(400, 'invalidClientIdOrSecret', '无效的 clientId 或者 clientSecret');
    const now = this.#clock.now();
    const value = this.#token && now < this.#token.until ? this.#token.value : randomBytes(16).toString('hex');
    this.#token = { value, until: now + lifetimeMs };
    return { accessToken: value, expireIn: lifetimeMs / 1000 };
  }

  isGood(value: string): boolean {
    return this.#token?.value === value && this.#clock.now() < this.#token.until;
  }

  revoke(): void {
    this.#token = undefined;
  }
}

interface ApiParts {
  clock: Clock;
  world: DingtalkWorld;
  tokens: TokenDesk;
  routes: readonly DingtalkRoute[];
}

function answerApi(request: StandInRequest, { clock, world, tokens, routes }: ApiParts): StandInAnswer {
  const { method, path, headers } = request;
  if (!/^\/v\d+\.\d+\//.test(path)) return json({ errcode: 404, errmsg: '请求的URI地址不存在' });
  if (path === '/v1.0/oauth2/accessToken' && method === 'POST') return json(tokens.give(request.body));
  const route = routes.find((one) => one.method === method && one.path.test(path));
  if (!route) throw new DingtalkNo(404, 'InvalidAction.NotFound', 'Specified api is not found');
  const token = headers['x-acs-dingtalk-access-token'];
  if (typeof token !== 'string')
    throw new DingtalkNo(400, 'AuthenticationFailed.MissingParameter', '缺少 x-acs-dingtalk-access-token');
  if (!tokens.isGood(token)) throw new DingtalkNo(400, 'InvalidAuthentication', '不合法的access_token');
  const operatorId = operatorOf(request, route);
  const params = (route.path.exec(path) ?? []).slice(1).map((part) => decodeURIComponent(part));
  return json(route.run({ world, now: clock.now(), request, params, operatorId }));
}

const operatorBody = z.looseObject({ operatorId: z.string().optional() });

function operatorOf({ query, body }: StandInRequest, { operatorIn }: DingtalkRoute): string {
  const named = {
    query: () => query.get('operatorId'),
    unionId: () => query.get('unionId'),
    body: () => operatorBody.safeParse(body).data?.operatorId,
  }[operatorIn]();
  if (!named) throw new DingtalkNo(400, 'MissingoperatorId', 'operatorId is mandatory for this action.');
  if (!Object.values(people).includes(named)) throw new DingtalkNo(403, 'forbidden.user.notInOrg', '用户不在企业内');
  return named;
}

const userBody = z.looseObject({ userid: z.string() });

/** The older host: HTTP 200 whatever happens. */
function answerOld({ path, method, query, body }: StandInRequest, tokens: TokenDesk): StandInAnswer {
  if (path !== '/topapi/v2/user/get' || method !== 'POST')
    return json({ errcode: 404, errmsg: '请求的URI地址不存在', request_id: 'old1' });
  if (!tokens.isGood(query.get('access_token') ?? ''))
    return json({ errcode: 88, sub_code: '40014', sub_msg: '不合法的access_token', request_id: 'old2' });
  const unionid = people[userBody.safeParse(body).data?.userid ?? ''];
  if (unionid === undefined) return json({ errcode: 60121, errmsg: '找不到该用户', request_id: 'old3' });
  return json({ errcode: 0, errmsg: 'ok', result: { unionid, name: '林晓雨' }, request_id: 'old4' });
}
