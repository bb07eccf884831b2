import { fstatSync, writeFileSync } from 'node:fs';
import { isSystemError, systemReason } from '../input/system-error';
import { printError } from './print';

type Stream = typeof process.stdout | typeof process.stderr;

/**
 * Reports output that cannot be written, as to a full disk, with exit code 1. A reader such as `head` may close a pipe
 * early, which is no failure.
 */
export function guardStandardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) if (isFile(stream)) writeWhole(stream);
  let hasFailed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (hasFailed || error.code === 'EPIPE') return;
    hasFailed = true;
    printError(`standard output: ${isSystemError(error) ? systemReason(error) : error.message}`);
    process.once('exit', (code) => {
      process.exitCode = code || 1;
    });
  });
  // There is nowhere left to report it.
  process.stderr.on('error', () => undefined);
}

function isFile({ fd }: Stream): boolean {
  return fstatSync(fd).isFile();
}

/** Node drops the rest of a text of which only the first part fits on the disk. */
function writeWhole(stream: Stream): void {
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      writeFileSync(stream.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}
