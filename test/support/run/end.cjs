const { rmSync } = require('node:fs');

/** Removes the temporary folders of a run, also those of workers that were killed. */
module.exports = () => rmSync(process.env.CDK8S_MLFLOW_TEST_FOLDER, { recursive: true, force: true });
