import { constants } from 'node:os';
import { isSystemError, type SystemError, systemReason } from '../../lib/input/system-error';

const { errno } = constants;
const errorOf = (number: number) => Object.assign(new Error(), { errno: number, syscall: 'open' }) as SystemError;

test.each(Object.entries(errno))('%s is one line in plain words, with what to do', (_, number) => {
  const error = errorOf(-number);
  expect(isSystemError(error)).toBe(true);
  expect(systemReason(error)).toMatch(/^[a-z][^()\n]+ \([^()\n]+\)$/);
});

test('one that Node has no name for has its own words, too', () => {
  expect(systemReason(errorOf(-errno.EDQUOT))).toBe('disk quota exceeded (free some space, or raise the quota)');
  expect(systemReason(errorOf(-4711))).toBe(
    'unknown error of the operating system (error -4711; check its disk and file system)',
  );
});

test.each([
  'EACCES EPERM EROFS ENOSPC EDQUOT EFBIG EMFILE ENFILE ENOMEM EIO ENAMETOOLONG ELOOP ENOTDIR EISDIR EBUSY ETXTBSY',
  'ENOENT EEXIST ENOTEMPTY ENXIO ENODEV ESTALE EXDEV',
])('what to do is said for each of %s', (names) => {
  for (const name of names.split(' ')) {
    const number = errno[name as keyof typeof errno];
    expect(systemReason(errorOf(-number))).not.toContain(name);
  }
});

test.each([undefined, null, 'text', new Error('of ours'), Object.assign(new Error(), { code: 'ENOENT' })])(
  '%s is no error of the operating system',
  (error) => {
    expect(isSystemError(error)).toBe(false);
  },
);
