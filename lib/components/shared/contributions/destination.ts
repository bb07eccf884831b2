/** A host with its port, as a setting names them. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}
