/** What a browser sends with a request that the web page at a URL makes, as the WHATWG has it. */
export function browserAt(page: string): { readonly host: string; readonly origin: string } {
  const { host, origin } = new URL(page);
  return { host, origin };
}
