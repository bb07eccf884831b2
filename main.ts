import { report } from './lib/cli/report';
import { guardStandardStreams } from './lib/cli/standard-streams';

guardStandardStreams();
process.on('uncaughtException', (error) => process.exit(report(error)));

// After that, because packages may fail while they are loaded: yargs does in a folder that was removed.
import('./lib/cli/run')
  .then(({ run }) => run(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  });
