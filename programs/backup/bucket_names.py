"""The variables that name the buckets of backups and of the artifacts that they copy."""

from common import azure, buckets, gcs, s3

STORE_PREFIX, ARTIFACTS_PREFIX = "BACKUP_PREFIX", "BACKUP_ARTIFACTS_PREFIX"

STORE = buckets.Names(
    s3=s3.Names(
        bucket="BACKUP_BUCKET",
        prefix=STORE_PREFIX,
        endpoint="BACKUP_S3_ENDPOINT_URL",
        addressing="BACKUP_S3_ADDRESSING_STYLE",
        ignore_tls=None,
        ca_bundle="BACKUP_AWS_CA_BUNDLE",
        region="BACKUP_AWS_DEFAULT_REGION",
        access_key="BACKUP_AWS_ACCESS_KEY_ID",
        secret_key="BACKUP_AWS_SECRET_ACCESS_KEY",
        encryption="BACKUP_S3_ENCRYPTION",
        kms_key="BACKUP_S3_KMS_ID",
    ),
    gcs=gcs.Names(
        bucket="BACKUP_GCS_BUCKET",
        prefix=STORE_PREFIX,
        endpoint="BACKUP_GCS_ENDPOINT",
        key_file="BACKUP_GCS_KEY_FILE",
    ),
    azure=azure.Names(
        "BACKUP_AZURE_ACCOUNT_URL", "BACKUP_AZURE_CONTAINER", STORE_PREFIX, "BACKUP_AZURE_STORAGE_ACCESS_KEY"
    ),
)
ARTIFACTS = buckets.Names(
    s3=s3.Names(
        bucket="BACKUP_ARTIFACTS_BUCKET",
        prefix=ARTIFACTS_PREFIX,
        ca_bundle="BACKUP_ARTIFACTS_CA_BUNDLE",
        region="AWS_DEFAULT_REGION",
        access_key="BACKUP_ARTIFACTS_AWS_ACCESS_KEY_ID",
        secret_key="BACKUP_ARTIFACTS_AWS_SECRET_ACCESS_KEY",
    ),
    gcs=gcs.Names(
        bucket="BACKUP_ARTIFACTS_GCS_BUCKET",
        prefix=ARTIFACTS_PREFIX,
        endpoint="BACKUP_ARTIFACTS_GCS_ENDPOINT",
        key_file="BACKUP_ARTIFACTS_GCS_KEY_FILE",
    ),
    azure=azure.Names(
        "BACKUP_ARTIFACTS_AZURE_ACCOUNT_URL",
        "BACKUP_ARTIFACTS_AZURE_CONTAINER",
        ARTIFACTS_PREFIX,
        "BACKUP_ARTIFACTS_AZURE_STORAGE_ACCESS_KEY",
    ),
)
