import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for every program (USER_HZ). */
const ticksPerSecond = 100;

/** What one process used so far. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Reads `/proc/<pid>`; null when there is no such process. With `children` the CPU time of children that ended is counted too. */
export function readUsage(pid: number, children = false): ProcessUsage | null {
  try {
    const stat = fieldsOf(pid);
    const ticks = Number(stat[11]) + Number(stat[12]) + (children ? Number(stat[13]) + Number(stat[14]) : 0);
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return { cpuSeconds: ticks / ticksPerSecond, residentBytes: Number(resident) * 1024 };
  } catch {
    return null; // It ended between two looks.
  }
}

/** CPU seconds of a process with its children, those that ended included: how a Postgres server is counted. */
export function readFamilyCpu(pid: number): number {
  const children = processIds().filter((id) => parentOf(id) === pid);
  return [readUsage(pid, true), ...children.map((id) => readUsage(id))].reduce((sum, usage) => sum + (usage?.cpuSeconds ?? 0), 0);
}

/** The process that listens on a TCP port of this machine; null when it is elsewhere or belongs to a user whose processes may not be looked at. */
export function listenerOf(port: number): number | null {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port));
  if (inodes.length === 0) return null;
  return processIds().find((pid) => socketsOf(pid).some((inode) => inodes.includes(inode))) ?? null;
}

/** The TCP ports from which a process of this machine is connected to others, or on which it listens; none when it may not be looked at. */
export function localPortsOf(pid: number): ReadonlySet<number> {
  const inodes = new Set(socketsOf(pid));
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(rowsOf).filter((row) => inodes.has(row[9] ?? ''));
  return new Set(rows.map((row) => parseInt(row[1]?.split(':')[1] ?? '', 16)));
}

/** The part of `/proc/<pid>/stat` behind the program's name, which may hold blanks and parentheses itself. */
function fieldsOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number | null {
  try {
    return Number(fieldsOf(pid)[1]);
  } catch {
    return null; // It ended between two looks.
  }
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return rowsOf(table)
    .filter((row) => row[3] === '0A' && row[1]?.endsWith(`:${hexPort}`))
    .map((row) => row[9] ?? '');
}

/** The rows of the kernel's table of sockets (proc_net(5)): local address, far address, state, …, inode. */
function rowsOf(table: string): string[][] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((descriptor) => socketInode(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    return []; // Another user's process, or gone.
  }
}

function socketInode(path: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1] ?? '';
  } catch {
    return ''; // Closed between two looks.
  }
}
