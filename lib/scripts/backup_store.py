"""Where backups are kept, and artifacts: a folder of a volume or of a bucket, with the same methods.

A key is a path below that folder. What is written under a key is there whole or not at all.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile

import prepare
from prepare import outcome
from program import Failure, describe, without_login

CHUNK = 2**20
PART = 16 * 2**20  # of an upload in parts: one is in memory for each object that is on its way
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_CODES = {"XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientCapacity", "NotEnoughSpace"}


class Damaged(Exception):
    """Bytes that are not those that were written once."""


class Checked:
    """A stream that is hashed as it passes. It fails at its end when it is not what was expected, before whoever reads it has
    made an object of it."""

    def __init__(self, stream, size=None, sha256=None):
        self.stream, self.hash, self.count = stream, hashlib.sha256(), 0
        self.expected_size, self.expected = size, sha256

    def read(self, amount=-1):
        """As many bytes as asked for, but at the end: a stream of the network may give fewer at a time."""
        parts, left = [], amount
        while left:
            part = self.stream.read(left if amount >= 0 else CHUNK)
            if not part:
                self.finish()
                break
            self.hash.update(part)
            self.count += len(part)
            parts.append(part)
            left = left - len(part) if amount >= 0 else left
        return b"".join(parts)

    def finish(self):
        if self.expected_size is not None and self.count != self.expected_size:
            raise Damaged(f"{self.count} bytes, and {self.expected_size} were expected")
        if self.expected is not None and self.sha256 != self.expected:
            raise Damaged(f"SHA-256 is {self.sha256}, and {self.expected} was expected")

    def drain(self):
        while self.read(CHUNK):
            pass
        return self

    @property
    def sha256(self):
        return self.hash.hexdigest()


class Guarded:
    """A stream whose own failures are told from those of whoever writes what it gives."""

    def __init__(self, stream, faults):
        self.stream, self.faults, self.close = stream, faults, stream.close

    def read(self, amount=-1):
        with self.faults():
            return self.stream.read() if amount < 0 else self.stream.read(amount)


class Folder:
    """A folder of a mounted volume."""

    def __init__(self, path, work):
        self.path = self.where = path
        with self.faults():
            os.makedirs(path, exist_ok=True)

    def full_path(self, key):
        return os.path.join(self.path, *key.split("/"))

    @contextlib.contextmanager
    def faults(self):
        try:
            yield
        except OSError as error:
            kind = "store-full" if error.errno in FULL else "store-other"
            raise Failure(kind, f"{self.where}: {error.strerror}") from error

    def folders(self):
        with self.faults():
            return [entry.name for entry in os.scandir(self.path) if entry.is_dir(follow_symlinks=False)]

    def sizes(self, folder):
        """The size of each key below a folder."""
        found = {}
        with self.faults():
            for path, _, names in os.walk(self.full_path(folder)):
                for name in names:
                    if not name.endswith(".partial"):
                        full = os.path.join(path, name)
                        found[os.path.relpath(full, self.path).replace(os.sep, "/")] = os.stat(full).st_size
        return found

    def open(self, key):
        with self.faults():
            return Guarded(open(self.full_path(key), "rb"), self.faults)

    def read(self, key):
        """A small file, or None when there is none."""
        try:
            with open(self.full_path(key), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Failure("store-other", f"{self.where}/{key}: {error.strerror}") from error

    def write(self, key, stream, size=None):
        path = self.full_path(key)
        with self.faults():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor, partial = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".partial")
            try:
                with open(descriptor, "wb") as file:
                    shutil.copyfileobj(stream, file, CHUNK)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(partial, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(partial)
                raise
            directory = os.open(os.path.dirname(path), os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    def remove(self, keys):
        for key in keys:
            path = self.full_path(key)
            with self.faults(), contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            with contextlib.suppress(OSError):  # others are in it
                os.rmdir(os.path.dirname(path))

    def remove_folder(self, folder):
        with self.faults():
            shutil.rmtree(self.full_path(folder), ignore_errors=False)

    # A dump is written where it stays: there is no other place that could hold it for sure.

    def place_for(self, key):
        path = self.full_path(key)
        with self.faults():
            os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def put(self, key, path):
        """What lies at `place_for(key)` is kept."""

    def get(self, key):
        """A path where the file can be read."""
        return self.full_path(key)


class Bucket:
    """A folder of a bucket. `kind` begins the names of its failures."""

    def __init__(self, settings, kind, work=None):
        self.kind, self.bucket, self.work = kind, settings.bucket, work
        self.prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        self.endpoint = without_login(settings.endpoint or "AWS")
        self.where = f"s3://{self.bucket}/{self.prefix} at {self.endpoint}"
        with self.faults():
            import boto3
            from botocore.client import Config
            self.client = boto3.session.Session().client(
                "s3", endpoint_url=settings.endpoint, region_name=settings.region, verify=settings.authority,
                aws_access_key_id=settings.access_key, aws_secret_access_key=settings.secret_key,
                config=Config(connect_timeout=10, read_timeout=60, max_pool_connections=32,
                              retries={"max_attempts": 5, "mode": "standard"}, s3={"addressing_style": settings.addressing}))

    @contextlib.contextmanager
    def faults(self):
        from boto3.exceptions import Boto3Error
        from botocore import exceptions as boto
        try:
            yield
        except boto.ClientError as error:
            code, status = outcome(error)
            if code == "NoSuchBucket":
                raise Failure(f"{self.kind}-bucket-missing", f"bucket {self.bucket!r} does not exist at {self.endpoint}") from error
            if code in FULL_CODES or status == 507:
                raise Failure(f"{self.kind}-full", f"{self.where}: {describe(error)}") from error
            if status in (401, 403) or code == "XAdminUserNotFound":
                raise Failure(f"{self.kind}-login", f"{self.where} is refused to this access key (HTTP {status}, {code}): wrong key, wrong secret, "
                              "no permission, or a clock more than 15 minutes off") from error
            kind = "unreachable" if status >= 500 else "other"
            raise Failure(f"{self.kind}-{kind}", f"{self.where}: {describe(error)}") from error
        except (boto.HTTPClientError, boto.ConnectionError) as error:
            raise Failure(f"{self.kind}-unreachable", f"{self.where}: {describe(error)}") from error
        except (boto.BotoCoreError, Boto3Error, ValueError) as error:
            raise Failure(f"{self.kind}-other", f"{self.where}: {describe(error)}") from error

    def make_sure(self):
        """Makes the bucket where there is none."""
        try:
            with self.faults():
                self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)
        except Failure as failure:
            if failure.kind != f"{self.kind}-bucket-missing":
                raise
            prepare.create_bucket(self.client, self.bucket, self.endpoint)

    def pages(self, prefix="", **more):
        with self.faults():
            yield from self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + prefix, **more)

    def objects(self, prefix=""):
        """Key, size and ETag of all below a folder."""
        for page in self.pages(prefix):
            for each in page.get("Contents", ()):
                yield each["Key"][len(self.prefix):], each["Size"], each["ETag"].strip('"')

    def folders(self):
        return [each["Prefix"][len(self.prefix):-1] for page in self.pages(Delimiter="/") for each in page.get("CommonPrefixes", ())]

    def sizes(self, folder):
        return {key: size for key, size, _ in self.objects(f"{folder}/")}

    def open(self, key):
        with self.faults():
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        stream = Guarded(answer["Body"], self.faults)
        stream.size, stream.etag = answer["ContentLength"], answer["ETag"].strip('"')
        return stream

    def read(self, key):
        from botocore.exceptions import ClientError
        with self.faults():
            try:
                return self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"].read()
            except ClientError as error:
                if outcome(error)[0] in ("NoSuchKey", "404"):
                    return None
                raise

    def write(self, key, stream, size=0):
        """Without a size it fits into one part."""
        from boto3.s3.transfer import TransferConfig
        # There are 10 000 parts at most.
        part = max(PART, -(-size // 9000))
        config = TransferConfig(multipart_threshold=part, multipart_chunksize=part, use_threads=False)
        with self.faults():
            self.client.upload_fileobj(stream, self.bucket, self.prefix + key, Config=config)

    def remove(self, keys):
        for key in keys:  # one by one: not every store has the call for many
            with self.faults():
                self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def remove_folder(self, folder):
        self.remove(self.sizes(folder))

    def place_for(self, key):
        return os.path.join(self.work, os.path.basename(key))

    def put(self, key, path):
        with open(path, "rb") as file:
            self.write(key, file, os.path.getsize(path))
        os.unlink(path)

    def get(self, key):
        path = self.place_for(key)
        try:
            with open(path, "wb") as file, contextlib.closing(self.open(key)) as stream:
                shutil.copyfileobj(stream, file, CHUNK)
        except OSError as error:
            raise Failure("store-full" if error.errno in FULL else "store-other", f"{path}: {error.strerror}; backup.temporaryStorage is the "
                          "room that the pod has for it") from error
        return path


def open_store(settings):
    """Where the backups of this instance are."""
    if settings.folder:
        return Folder(settings.folder, settings.work)
    return Bucket(settings.store, "store", settings.work)
