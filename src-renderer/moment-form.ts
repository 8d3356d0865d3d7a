/** How a field writes a point in time: as a day, as ISO 8601, or as seconds or milliseconds since 1970. */
export type MomentForm = 'day' | 'iso' | 'seconds' | 'milliseconds';

const timeName = /(^|_)(time|timestamp|date|day|at|from|to|start|end|since|until)(_|$)/i;

/** Whether a field holds a point in time, by what its schema says of it; null when that is not plain. */
export function momentFormOf(name: string, format: string, description: string): MomentForm | null {
  if (format === 'date') return 'day';
  if (format === 'date-time') return 'iso';
  if (!timeName.test(name)) return null;
  if (/yyyy-mm-dd(?!.{0,3}[th ])|RFC ?3339.{0,30}\d{4}-\d\d-\d\d/i.test(description)) return 'day';
  if (/millisecond|毫秒/i.test(description)) return 'milliseconds';
  if (
    /(in|unix|time ?stamp).{0,30}second|second.{0,20}time ?stamp|秒级|单位.{0,3}秒|时间戳.{0,10}秒|秒.{0,6}时间戳/i.test(
      description,
    )
  )
    return 'seconds';
  return null;
}

/** What a browser's own picker gave, the way the field writes it. Undefined when nothing was picked. */
export function momentFromPicker(form: MomentForm, picked: string): string | undefined {
  if (form === 'day') return picked || undefined;
  const at = new Date(picked).getTime();
  if (Number.isNaN(at)) return undefined;
  if (form === 'iso') return new Date(at).toISOString();
  return String(form === 'seconds' ? Math.floor(at / 1000) : at);
}

/** The same back, in the time zone of the page; empty for what is no point in time. */
export function momentToPicker(form: MomentForm, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  if (form === 'day') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : '';
  const at = instantOf(form, text);
  if (at === undefined || Number.isNaN(at.getTime())) return '';
  const two = (part: number) => String(part).padStart(2, '0');
  const year = at.getFullYear();
  if (year < 1 || year > 9999) return '';
  const day = `${String(year).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function instantOf(form: MomentForm, text: string): Date | undefined {
  // A Date makes something of nearly any text.
  if (form === 'iso') return /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text) : undefined;
  if (!/^\d{1,16}$/.test(text)) return undefined;
  return new Date(Number(text) * (form === 'seconds' ? 1000 : 1));
}
