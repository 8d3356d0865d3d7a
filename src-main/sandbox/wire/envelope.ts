/** What goes back over the wire. `code` is Feishu's, for the request log; null where the answer has none. */
export interface Answer {
  status: number;
  code: number | null;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface FieldViolation {
  field: string;
  description: string;
}

export interface RefusalOptions {
  /** HTTP status; the code's usual one when absent. */
  status?: number;
  headers?: Record<string, string>;
  fieldViolations?: FieldViolation[];
  /** Scopes of which any one would do. */
  scopes?: readonly string[];
}

/** Feishu's "no": thrown by whoever decides it and turned into an answer in the form that the endpoint speaks. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  readonly status: number;
  readonly options: RefusalOptions;

  constructor(code: number, message: string, options: RefusalOptions = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? usualStatus(code);
    this.options = options;
  }
}

/** The HTTP status that carries a code where nothing else is said. */
export function usualStatus(code: number): number {
  if (code === 99_991_400) return 429;
  if (code === 99_991_677) return 401;
  if (code === 20_050 || code === 2200 || code === 1663) return 500;
  if (code === 20_072) return 503;
  // The app and tenant token endpoints and bitable say no with HTTP 200.
  if (code >= 10_000 && code < 11_000) return 200;
  if (code >= 1_254_000 && code < 1_255_000) return 200;
  return 400;
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' };

export function json(value: unknown, status = 200, code: number | null = 0): Answer {
  return { status, code, headers: jsonType, body: JSON.stringify(value) };
}

export function ok(data: unknown = {}): Answer {
  return json({ code: 0, msg: 'success', data });
}

/** The envelope of an OpenAPI refusal. */
export function openRefusal(refusal: Refusal, logId: string): Answer {
  const { fieldViolations, scopes, headers } = refusal.options;
  const answer = json(
    {
      code: refusal.code,
      msg: refusal.message,
      error: {
        log_id: logId,
        troubleshooter: `https://open.feishu.cn/search?from=openapi&log_id=${logId}&code=${refusal.code}`,
        ...(fieldViolations && { field_violations: fieldViolations }),
        ...(scopes && {
          permission_violations: scopes.map((subject) => ({ type: 'action_privilege_required', subject })),
        }),
      },
    },
    refusal.status,
    refusal.code,
  );
  return headers ? { ...answer, headers: { ...answer.headers, ...headers } } : answer;
}

export function text(body: string, status: number, type = 'text/plain; charset=utf-8'): Answer {
  return { status, code: null, headers: { 'content-type': type }, body };
}
