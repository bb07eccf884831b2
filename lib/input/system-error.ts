import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Why the operating system refused an operation, and what to do, by the name of the error. */
const REASONS: Readonly<Partial<Record<string, readonly [reason: string, fix: string]>>> = {
  EACCES: ['permission denied', 'check the owner and mode of it and of its folder'],
  EAGAIN: ['temporarily unavailable', 'run the command again'],
  EBADF: ['not open for this', 'check what it is redirected to'],
  EBUSY: ['in use by the system', 'unmount it, or wait until it is free'],
  EDQUOT: ['disk quota exceeded', 'free some space, or raise the quota'],
  EEXIST: ['already exists', 'move or remove it'],
  EFBIG: ['file too large', 'raise the limit, for example with ulimit -f unlimited'],
  EIO: ['input or output error', 'check the disk and its connection'],
  EISDIR: ['is a folder', 'move or remove it, or name a file'],
  ELOOP: ['too many symbolic links', 'check what they lead to'],
  EMFILE: ['too many open files', 'raise the limit, for example with ulimit -n 1024'],
  EMLINK: ['too many links', 'remove some'],
  ENAMETOOLONG: ['name too long', 'use a shorter one'],
  ENFILE: ['too many open files on this machine', 'close some programs, then run the command again'],
  ENODEV: ['no such device', 'check whether its file system is mounted'],
  ENOENT: ['no such file or folder', 'check the path'],
  ENOLCK: ['no locks available', 'check the server of its file system'],
  ENOMEM: ['not enough memory', 'close some programs, or raise the limit'],
  ENOSPC: ['no space left on device', 'free some space, then run the command again'],
  ENOTDIR: ['not a folder, or below a file', 'check the path'],
  ENOTEMPTY: ['folder is not empty', 'remove what is in it'],
  ENXIO: ['no such device or address', 'check what it is'],
  EPERM: ['operation not permitted', 'check its owner, and whether it is immutable'],
  EROFS: ['read-only file system', 'use a folder on another one, or remount it'],
  ESTALE: ['stale file handle', 'mount its file system again'],
  ETIMEDOUT: ['timed out', 'check the server of its file system'],
  ETXTBSY: ['is being executed', 'stop the program, then run the command again'],
  EXDEV: ['on another file system than its folder', 'unmount it'],
};

/** Names by number: Node has none for EDQUOT and ESTALE. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [-number, name]),
);

/** An error of an operation of the operating system, such as a full disk, a missing permission or a limit. */
export interface SystemError extends NodeJS.ErrnoException {
  readonly errno: number;
  readonly syscall: string;
}

/** Whether an error is one of the operating system. */
export function isSystemError(error: unknown): error is SystemError {
  const { errno, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof errno === 'number' && typeof syscall === 'string';
}

/** Why the operating system refused an operation, as in `no space left on device (free some space, …)`. */
export function systemReason({ errno }: SystemError): string {
  const name = NAMES.get(errno);
  const [reason, fix] = (name && REASONS[name]) || [
    getSystemErrorMap().get(errno)?.[1] ?? 'unknown error of the operating system',
    `error ${name ?? errno}; check its disk and file system`,
  ];
  return `${reason} (${fix})`;
}

/** The same error with the file that it is about, which an operation on an open file does not know. */
export const withPath = <E>(error: E, path: string): E =>
  isSystemError(error) ? Object.assign(error, { path }) : error;
