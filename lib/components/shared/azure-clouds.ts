/** Where a cloud of Azure has its stores, and where it issues tokens. */
interface AzureCloud {
  /** What follows the name of an account in the host name of its blobs. */
  readonly blobs: string;
  readonly authority: string;
}

/**
 * The clouds of Azure, by the names that Terraform has for them.
 *
 * @see https://github.com/Azure/go-autorest/blob/main/autorest/azure/environments.go, which the webhook of Azure uses
 */
export const AZURE_CLOUDS = {
  public: { blobs: 'blob.core.windows.net', authority: 'https://login.microsoftonline.com/' },
  china: { blobs: 'blob.core.chinacloudapi.cn', authority: 'https://login.chinacloudapi.cn/' },
  usgovernment: { blobs: 'blob.core.usgovcloudapi.net', authority: 'https://login.microsoftonline.us/' },
} as const satisfies Record<string, AzureCloud>;

/** The name of such a cloud. */
export type AzureCloudName = keyof typeof AZURE_CLOUDS;
