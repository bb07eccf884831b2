/** An image with its tag and digest, as a pod names it. */
export function imageReference(image: {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}): string {
  return `${image.repository}${image.tag ? `:${image.tag}` : ''}${image.digest ? `@${image.digest}` : ''}`;
}
