import { clientPython, lab } from './lab';
import { login } from './quickstart';

/** Clients that read for some time, with a pause after each answer. Given: seconds, clients, pause. */
const READ = `
import os, sys, threading, time, requests
login = (os.environ['MLFLOW_TRACKING_USERNAME'], os.environ['MLFLOW_TRACKING_PASSWORD'])
path = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/experiments/search?max_results=5'
end = time.time() + float(sys.argv[1])
def ask():
    while time.time() < end:
        try: requests.get(path, auth=login, timeout=60)
        except requests.RequestException: pass
        time.sleep(float(sys.argv[3]))
threads = [threading.Thread(target=ask) for _ in range(int(sys.argv[2]))]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

/** Runs so many clients for so many seconds, each with a pause after an answer. */
export const reads = async (seconds: number, clients: number, wait: number) =>
  lab('exec', [clientPython('3.18.0'), '-c', READ, ...[seconds, clients, wait].map(String)], {
    env: await login(),
    seconds: seconds + 90,
  });
