/**
 * The typed Kubernetes objects. Taken from the one file of cdk8s-plus-28 that holds them: its index would load 27
 * more, which costs a tenth of a synth, and its higher-level classes are not used.
 */
export * from 'cdk8s-plus-28/lib/imports/k8s';
