/**
 * The event engine: virtual time, random streams, servers with queues, time averages. May not live here: anything that knows what a sandbox is.
 */
package sandglass.des;
