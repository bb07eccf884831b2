"""The lock that keeps maintenance from meeting maintenance.

Garbage collection deletes what a backup is about to copy, and a restore replaces what both of them read. Each of the
three holds this lock for as long as it runs: an advisory lock in the tracking database, which ends with the connection,
however the program ends. It is another one than that of prepare.py, so that servers start while a backup runs. (Not
through a PgBouncer that pools transactions, where sessions are not ours.)

To see who holds it: SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory'
"""

import time

LOCK_NAME = "mlflow-maintenance"


def take_lock(connection, timeout, say):
    """Wait for the lock on this connection (autocommit) for so many seconds. False: others held it all the time."""
    cursor, deadline, said = connection.cursor(), time.monotonic() + timeout, False
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (LOCK_NAME,))
        if cursor.fetchone()[0]:
            return True
        if time.monotonic() >= deadline:
            return False
        if not said:
            say("waiting for a backup, a restore or a garbage collection that runs")
        said = True
        time.sleep(min(2, max(0.1, deadline - time.monotonic())))
