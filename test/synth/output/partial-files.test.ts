import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { partialOf, partialsOf, removeAbandoned } from '../../../lib/synth/output/partial-files';
import { temporaryFolder } from '../../support/support';

let folder = '';
let file = '';
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'file.yaml');
});

/** The parts of a name: `FILE.MACHINE-PID-START-RANDOM.partial`. */
const own = () => /\.([0-9a-f]+)-(\d+)-(\d+)-([0-9a-f]+)\.partial$/.exec(partialOf(file)) ?? [];

function write(name: string): string {
  writeFileSync(name, 'half');
  return name;
}

const named = (machine = own()[1], pid = own()[2], start = own()[3]) =>
  `${file}.${machine}-${pid}-${start}-01234567.partial`;

/** Whether a partial file is removed with those of killed processes, which is when it blocks no other run. */
function isAbandoned(partial: string): boolean {
  const isInTheWay = partialsOf(file).includes(partial);
  writeFileSync(join(folder, 'other'), '');
  removeAbandoned(folder);
  expect(existsSync(partial)).toBe(isInTheWay);
  return !isInTheWay;
}

test('of a running process stays', () => {
  expect(isAbandoned(write(partialOf(file)))).toBe(false);
});

test('of a stopped process stays, and of the same process when it was killed does not', async () => {
  const child = spawn('sh', ['-c', 'read line < /proc/$$/stat; echo "$line"; exec cat']);
  const stat = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const partial = write(named(own()[1], String(child.pid), start));
  child.kill('SIGSTOP');
  expect(isAbandoned(partial)).toBe(false);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(isAbandoned(partial)).toBe(true);
});

test('of a process whose id another one has now does not stay', () => {
  expect(isAbandoned(write(named(own()[1], String(process.pid), '1')))).toBe(true);
});

test('of a process that has ended, and that its parent has not waited for, does not stay', async () => {
  // exec replaces the shell that would wait for its child.
  const parent = spawn('sh', ['-c', 'sh -c "cat /proc/\\$\\$/stat" & exec cat']);
  const stat = await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data))));
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const pid = stat.split(' ')[0] ?? '';
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await setTimeout(10);
  expect(isAbandoned(write(named(own()[1], pid, start)))).toBe(true);
  parent.kill();
});

test('of another machine stays for a minute', () => {
  const partial = write(named('00000000', '1', '1'));
  expect(isAbandoned(partial)).toBe(false);
  const then = Date.now() / 1000 - 70;
  utimesSync(partial, then, then);
  expect(isAbandoned(partial)).toBe(true);
});

test.each([
  'file.yaml',
  'file.yaml.partial',
  'file.yaml.1.partial',
  'file.yaml.00000000-1-1-01234567',
  '.00000000-1-1-01234567.partial',
])('what is no partial file stays: %s', (name) => {
  const other = write(join(folder, name));
  utimesSync(other, 1, 1);
  removeAbandoned(folder);
  expect(existsSync(other)).toBe(true);
});

test('a link or a folder of such a name stays', () => {
  const dead = named(own()[1], String(2 ** 22 + 1), '1');
  mkdirSync(dead);
  symlinkSync(write(file), dead.replace('01234567', '76543210'));
  removeAbandoned(folder);
  expect([existsSync(dead), existsSync(dead.replace('01234567', '76543210'))]).toEqual([true, true]);
});

test('a folder with nothing else in it is removed, too', () => {
  write(named(own()[1], String(2 ** 22 + 1), '1'));
  removeAbandoned(folder);
  expect(existsSync(folder)).toBe(false);
});
