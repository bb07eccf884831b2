import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from './http';
import { freePort } from './ports';
import { Service, waitForService } from './process';

export const NGINX = '/usr/sbin/nginx';
export const HAPROXY = '/usr/sbin/haproxy';

/** Times of the proxies are divided by this, so that what takes a minute takes two seconds. */
const SCALE = 30;

/** Settings of a proxy: its own names, and values as its configuration has them. */
export type Settings = Readonly<Record<string, string>>;

/** A proxy of Debian with the settings that an ingress controller would render. */
export interface StartedProxy {
  readonly service: Service;
  readonly url: string;
  /** Bytes of bodies in files at this moment. */
  readonly inFiles: () => number;
  /** The most memory of its largest process until now, in bytes. */
  readonly memory: () => number;
}

/** What ingress-nginx renders without an annotation, with times in seconds. */
const NGINX_DEFAULTS: Settings = {
  client_max_body_size: '1m',
  client_body_timeout: '60s',
  proxy_request_buffering: 'on',
  proxy_buffering: 'off',
  proxy_read_timeout: '60s',
  proxy_send_timeout: '60s',
  proxy_buffer_size: '4k',
  proxy_buffers: '4 4k',
};

/** The directives that ingress-nginx renders for an annotation of ours. */
const NGINX_DIRECTIVES: Readonly<Record<string, (value: string) => Settings>> = {
  'nginx.ingress.kubernetes.io/proxy-body-size': (value) => ({ client_max_body_size: value }),
  'nginx.ingress.kubernetes.io/proxy-request-buffering': (value) => ({ proxy_request_buffering: value }),
  'nginx.ingress.kubernetes.io/proxy-buffering': (value) => ({ proxy_buffering: value }),
  'nginx.ingress.kubernetes.io/proxy-read-timeout': (value) => ({ proxy_read_timeout: `${value}s` }),
  'nginx.ingress.kubernetes.io/proxy-send-timeout': (value) => ({ proxy_send_timeout: `${value}s` }),
  // Four buffers of this size are its default.
  'nginx.ingress.kubernetes.io/proxy-buffer-size': (value) => ({
    proxy_buffer_size: value,
    proxy_buffers: `4 ${value}`,
  }),
};

/** What HAProxy's controller renders without an annotation. */
const HAPROXY_DEFAULTS: Settings = {
  'timeout client': '50s',
  'timeout server': '50s',
  'timeout connect': '5s',
  'timeout http-request': '5s',
};

/** The setting that HAProxy's controller renders for an annotation of ours; none for what concerns TLS alone. */
const HAPROXY_SETTINGS: Readonly<Record<string, string | undefined>> = {
  'haproxy.org/timeout-server': 'timeout server',
  'haproxy.org/ssl-redirect': undefined,
  'haproxy.org/ssl-redirect-port': undefined,
};

/** The settings of nginx for annotations, over the defaults of ingress-nginx. */
export const nginxSettings = (annotations: Settings): Settings => ({
  ...NGINX_DEFAULTS,
  ...Object.assign(
    {},
    ...Object.entries(annotations).map(([name, value]) => {
      const directives = NGINX_DIRECTIVES[name];
      if (!directives) throw new Error(`no directive of nginx is known for ${name}`);
      return directives(value);
    }),
  ),
});

/** The settings of HAProxy for annotations, over the defaults of its controller. */
export const haproxySettings = (annotations: Settings): Settings => ({
  ...HAPROXY_DEFAULTS,
  ...Object.fromEntries(
    Object.entries(annotations).flatMap(([name, value]) => {
      if (!(name in HAPROXY_SETTINGS)) throw new Error(`no setting of HAProxy is known for ${name}`);
      const setting = HAPROXY_SETTINGS[name];
      return setting ? [[setting, value]] : [];
    }),
  ),
});

const scaled = (settings: Settings) =>
  Object.entries(settings).map(([name, value]) => {
    const seconds = /^(\d+)s$/.exec(value)?.[1];
    return [name, seconds ? `${Math.ceil((Number(seconds) * 1000) / SCALE)}ms` : value] as const;
  });

/** Starts nginx in front of a port. */
export async function startNginx(folder: string, upstream: number, settings: Settings): Promise<StartedProxy> {
  const port = await freePort();
  const bodies = join(folder, 'bodies');
  mkdirSync(bodies, { recursive: true });
  const temporary = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  const lines = scaled(settings).map(([name, value]) => `${name} ${value};`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${bodies}; ${temporary.join(' ')}
  server {
    listen 127.0.0.1:${port};
    ${lines.join('\n    ')}
    location / { proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:${upstream}; }
  }
}
`,
  );
  return started('nginx', [NGINX, '-e', 'stderr', '-c', file], port, bodies);
}

/** Starts HAProxy in front of a port. */
export async function startHaproxy(folder: string, upstream: number, settings: Settings): Promise<StartedProxy> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const lines = scaled(settings).map(([name, value]) => `  ${name} ${value}`);
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `defaults
  mode http
${lines.join('\n')}
frontend f
  bind 127.0.0.1:${port}
  default_backend b
backend b
  server s 127.0.0.1:${upstream}
`,
  );
  return started('haproxy', [HAPROXY, '-db', '-f', file], port, folder);
}

async function started(what: string, argv: readonly string[], port: number, folder: string): Promise<StartedProxy> {
  const service = new Service(argv, {});
  const url = `http://127.0.0.1:${port}`;
  await waitForService(service, what, async () => (await request(url)).status > 0);
  // nginx removes the name of such a file as soon as it is open.
  const opened = `/proc/${service.pid}/fd`;
  return {
    service,
    url,
    inFiles: () =>
      readdirSync(opened)
        .map((descriptor) => join(opened, descriptor))
        .filter((descriptor) => readlinkSync(descriptor).startsWith(folder))
        .reduce((sum, descriptor) => sum + 512 * statSync(descriptor).blocks, 0),
    memory: () =>
      1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1] ?? 0),
  };
}
