const { mkdtempSync, realpathSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** One folder for all temporary folders of a run: its workers find it in their environment. */
module.exports = () => {
  process.env.CDK8S_MLFLOW_TEST_FOLDER = realpathSync(mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-test-')));
};
