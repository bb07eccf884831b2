import { run } from './lib/cli/run';

run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
