import type { Notices } from '../base/notices.ts';

const tolerableMs = 5 * 60_000;

/** Says so when this machine's clock and Feishu's differ by more than five minutes. `skewMs` null: not known. */
export function noteClockSkew(notices: Notices, skewMs: number | null): void {
  if (skewMs === null) return;
  if (Math.abs(skewMs) <= tolerableMs) return notices.clear('clock.skew');
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  notices.raise('clock.skew', 'warning', {
    zh: `本机时钟比飞书服务器${skewMs > 0 ? '快' : '慢'} ${minutes} 分钟，请校准系统时间。`,
    en: `This machine's clock is ${minutes} minutes ${skewMs > 0 ? 'ahead of' : 'behind'} Feishu's. Set it right.`,
  });
}
