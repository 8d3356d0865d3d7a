import { readFileSync } from 'node:fs';

/** What the kernel counts about a process and its children (proc(5)). Linux only. */
export function cpuMs(pid: number): number {
  return family(pid).reduce((ms, member) => ms + ownCpuMs(member), 0);
}

/** Megabytes of memory held now (`VmRSS`) or at most so far (`VmHWM`). */
export function memoryMb(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  return family(pid).reduce((mb, member) => mb + ownMemoryMb(member, what), 0);
}

/** Everything that `mcp` makes the machine do counts, so the processes it starts do too. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

function ownCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces; fields 14 and 15 are user and system time,
  // of all threads, in ticks of a hundredth of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function ownMemoryMb(pid: number, what: string): number {
  const line = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}
