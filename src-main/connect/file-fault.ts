import { Fault } from '../base/fault.ts';

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** What the system said about a client's file, in words that name the file. */
export function fileFault(file: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = codeOf(error) ?? 'UNKNOWN';
  return new Fault('storage', {
    words: {
      zh: `无法读写 ${file}（${code}），没有改动。请检查权限和磁盘空间后重试。`,
      en: `${file} cannot be read or written (${code}); nothing was changed. Check its permissions and the disk, then try again.`,
    },
    details: { file, reason: code },
    cause: error,
  });
}
