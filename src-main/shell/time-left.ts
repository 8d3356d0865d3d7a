import type { Words } from '../contract/words.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long something still holds, in its two largest units. */
export function timeLeft(ms: number): Words {
  if (ms <= 0) return { zh: '已过期', en: 'expired' };
  if (ms < minuteMs) return { zh: '不到 1 分钟', en: 'less than a minute' };
  const days = Math.floor(ms / dayMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  if (days > 0) return joined([days, '天', 'd'], [hours, '小时', 'h']);
  if (hours > 0) return joined([hours, '小时', 'h'], [minutes, '分', 'min']);
  return { zh: `${minutes} 分钟`, en: `${minutes} min` };
}

type Unit = [count: number, zh: string, en: string];

function joined([first, firstZh, firstEn]: Unit, [second, secondZh, secondEn]: Unit): Words {
  const [zh, en] = [`${first} ${firstZh}`, `${first} ${firstEn}`];
  return second === 0 ? { zh, en } : { zh: `${zh} ${second} ${secondZh}`, en: `${en} ${second} ${secondEn}` };
}
