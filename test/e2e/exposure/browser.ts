import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { run } from '../lab';
import type { Outsider } from './outsider';

/** Starts Debian's Chromium outside of the cluster. It trusts the CA certificate of its machine. */
export async function startBrowser(outsider: Outsider): Promise<Browser> {
  const home = join(outsider.folder, 'home');
  const trusted = join(home, '.pki', 'nssdb');
  mkdirSync(trusted, { recursive: true });
  await run('certutil', ['-d', `sql:${trusted}`, '-N', '--empty-password']);
  await run('certutil', ['-d', `sql:${trusted}`, '-A', '-t', 'C,,', '-n', 'company', '-i', outsider.authority]);
  return chromium.launch({
    executablePath: outsider.executable('/usr/bin/chromium'),
    env: { PATH: process.env.PATH ?? '', HOME: home },
  });
}
