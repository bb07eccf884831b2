import { foreignFlags } from '../program-flags';
import { isFalse, isTrue, PROGRAM_OPTIONS, type RiskyVariables } from './risky-variables';

/**
 * Every variable by which the C library, Python, a shell, a runtime or a server program runs other code.
 *
 * @see https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/generic/unsecvars.h
 * @see https://docs.python.org/3/using/cmdline.html#environment-variables
 */
export const CODE_VARIABLES: readonly RiskyVariables[] = [
  {
    names: ['LD_*', 'GCONV_PATH', 'GETCONF_DIR', 'LOCPATH', 'NLSPATH', 'MALLOC_TRACE'],
    risk: 'foreign-code',
    does: 'changes what the C library loads into every program of the pods',
  },
  {
    names: ['HOSTALIASES', 'LOCALDOMAIN', 'RESOLV_HOST_CONF', 'NIS_PATH'],
    risk: 'foreign-code',
    does: 'makes the C library find other hosts under the same names',
  },
  {
    names: [
      ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONUSERBASE', 'PYTHONPLATLIBDIR'],
      ...['PYTHONSTARTUP', 'PYTHONINSPECT', 'PYTHONBREAKPOINT', 'PYTHONEXECUTABLE', 'PYTHON_PRESITE'],
      ...['COVERAGE_PROCESS_START', 'COVERAGE_PROCESS_CONFIG', 'AWS_DATA_PATH'],
      ...['OTEL_PYTHON_CONFIGURATOR', 'OTEL_PYTHON_DISTRO'],
    ],
    risk: 'foreign-code',
    does: 'changes which code Python runs',
  },
  {
    names: ['PYTHONWARNINGS'],
    risk: 'foreign-code',
    does: 'imports the module of a warning that it names',
    when: (value) => value.includes('.'),
  },
  {
    names: ['MPLBACKEND'],
    risk: 'foreign-code',
    does: 'makes Matplotlib import the module that it names',
    when: (value) => /^\s*module:/i.test(value),
  },
  {
    names: ['PATH', 'BASH_ENV', 'SHELLOPTS', 'BASHOPTS', 'IFS', 'PS4', 'PROMPT_COMMAND', 'CDPATH'],
    risk: 'foreign-code',
    does: 'changes which programs run, or what a shell runs first',
  },
  {
    names: ['ENV'],
    risk: 'foreign-code',
    does: 'names a file that a shell runs first',
    when: (value) => value.includes('/'),
  },
  {
    names: [
      ...['GIT_PYTHON_GIT_EXECUTABLE', 'GIT_EXEC_PATH', 'GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_ASKPASS', 'GIT_CONFIG*'],
      ...[
        'GIT_PROXY_COMMAND',
        'GIT_EXTERNAL_DIFF',
        'GIT_PAGER',
        'GIT_EDITOR',
        'GIT_SEQUENCE_EDITOR',
        'GIT_TEMPLATE_DIR',
      ],
      ...[
        'SSH_ASKPASS',
        'PAGER',
        'PSQL_PAGER',
        'EDITOR',
        'PSQL_EDITOR',
        'VISUAL',
        'BROWSER',
        'PSQLRC',
        'LESSOPEN',
        'LESSCLOSE',
      ],
    ],
    risk: 'foreign-code',
    does: 'names a program that git or another program runs',
  },
  {
    names: ['OPENSSL_CONF', 'OPENSSL_CONF_INCLUDE', 'OPENSSL_MODULES', 'OPENSSL_ENGINES'],
    risk: 'foreign-code',
    does: 'changes which modules OpenSSL loads',
  },
  {
    names: [
      ...['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS', 'CLASSPATH', 'NODE_OPTIONS', 'NODE_PATH'],
      ...['PERL5OPT', 'PERL5LIB', 'PERLLIB', 'RUBYOPT', 'RUBYLIB'],
    ],
    risk: 'foreign-code',
    does: 'changes which code a runtime loads',
  },
  {
    names: [
      ...['UVICORN_APP_DIR', 'UVICORN_ENV_FILE', 'UVICORN_LOG_CONFIG', 'UVICORN_RELOAD*', 'UVICORN_FACTORY'],
      ...['FLASK_APP', 'FLASK_RUN_*', 'WERKZEUG_*'],
    ],
    risk: 'foreign-code',
    does: 'makes the server program load other code or settings',
  },
  {
    names: ['UVICORN_LOOP', 'UVICORN_HTTP', 'UVICORN_WS', 'UVICORN_INTERFACE'],
    risk: 'foreign-code',
    does: 'makes the server program import the module that it names',
    when: (value) => value.includes(':'),
  },
  {
    names: PROGRAM_OPTIONS,
    risk: 'foreign-code',
    does: 'makes the server program load other code or settings',
    when: (value) => foreignFlags(value).length > 0,
  },
  {
    names: ['MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS'],
    risk: 'foreign-code',
    does: 'makes jobs run code that users register, with the credentials of the server',
    when: isTrue,
  },
  {
    names: ['MLFLOW_ENABLE_ASSISTANT_SANDBOX'],
    risk: 'foreign-code',
    does: 'makes the assistant run commands of users outside of its sandbox',
    when: isFalse,
  },
  {
    names: ['MLFLOW_ENABLE_REMOTE_ASSISTANT'],
    risk: 'foreign-code',
    does: 'lets clients run commands by the assistant',
    when: isTrue,
  },
  {
    names: ['MLFLOW_JOBS_DOCKER_HOST', 'DOCKER_HOST'],
    risk: 'foreign-code',
    does: 'gives the server a container runtime, by which it can run any image on the node',
  },
];
