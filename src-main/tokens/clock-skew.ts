import type { Notices } from '../base/notices.ts';

const tolerableMs = 5 * 60_000;
const ids = { ahead: 'clock.skew.ahead', behind: 'clock.skew.behind' } as const;

/** Says so when this machine's clock and Feishu's differ by more than five minutes. `skewMs` null: not known. */
export function noteClockSkew(notices: Notices, skewMs: number | null): void {
  if (skewMs === null) return;
  const wrong = Math.abs(skewMs) > tolerableMs;
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  if (!wrong || skewMs > 0) notices.clear(ids.behind);
  if (!wrong || skewMs < 0) notices.clear(ids.ahead);
  if (!wrong) return;
  notices.raise(skewMs > 0 ? ids.ahead : ids.behind, 'warning', {
    zh: `本机时钟比飞书服务器${skewMs > 0 ? '快' : '慢'} ${minutes} 分钟，请校准系统时间（打开“自动设置时间”）。`,
    en: `This machine's clock is ${minutes} minutes ${skewMs > 0 ? 'ahead of' : 'behind'} Feishu's. Set it right: turn on automatic time.`,
  });
}

/** The clock was set or stood still: what was measured before says nothing any more. */
export function forgetClockSkew(notices: Notices): void {
  notices.clear(ids.ahead);
  notices.clear(ids.behind);
}
