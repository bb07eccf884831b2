/**
 * The typed Kubernetes objects. Imported from the one file of cdk8s-plus-28 that contains them: its index would load 27
 * more, which takes a tenth of a synth, and its higher-level classes are not used.
 */
export * from 'cdk8s-plus-28/lib/imports/k8s';
