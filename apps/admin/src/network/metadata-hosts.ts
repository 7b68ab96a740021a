/** Names by which clouds offer the same service. Whatever they lead to where this program runs, nobody has another use for them. */
const METADATA_HOSTS: ReadonlySet<string> = new Set([
  'instance-data',
  'instance-data.ec2.internal',
  'metadata',
  'metadata.azure.internal',
  'metadata.goog',
  'metadata.google.internal',
  'metadata.hetzner.cloud',
  'metadata.internal',
  'metadata.oraclecloud.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'metadata.tencentyun.com',
  'rancher-metadata',
]);

/** A host name as it is compared. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.+$/, '');
}

/** Whether a host name is that of a metadata service. */
export function isMetadataHost(host: string): boolean {
  return METADATA_HOSTS.has(plainHost(host));
}
