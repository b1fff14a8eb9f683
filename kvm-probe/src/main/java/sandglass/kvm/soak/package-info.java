/**
 * The soak: very many invocations of good, failing and hostile functions in one pool, each answer checked, recycled memory compared with
 * the template, and what the process takes from the host watched for growth. Knows no workload; programs are given to it.
 */
package sandglass.kvm.soak;
