import type { Language } from '../src-main/contract/words.ts';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const day = 24 * 60 * 60_000;

/** A moment: the time of day, with the date when it is not today. */
export function formatMoment(at: number, language: Language, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
  const date: Intl.DateTimeFormatOptions = sameDay ? {} : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(locales[language], { ...date, ...time }).format(at);
}

/** A moment in full, with the year and the time zone. */
export function formatFull(at: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'long' }).format(at);
}

/** How long something took. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** A span of time in its two largest units. */
export function formatSpan(ms: number, language: Language): string {
  const left = Math.max(0, ms);
  const [d, h, m, s] = [left / day, (left / 3_600_000) % 24, (left / 60_000) % 60, (left / 1000) % 60].map(Math.floor);
  const parts: [number | undefined, string, string][] = [
    [d, '天', 'd'],
    [h, '小时', 'h'],
    [m, '分', 'min'],
    [s, '秒', 's'],
  ];
  const first = parts.findIndex(([amount]) => amount !== 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([amount]) => amount !== 0);
  return shown.map(([amount, zh, en]) => `${amount} ${language === 'zh' ? zh : en}`).join(' ');
}

export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(count);
}
