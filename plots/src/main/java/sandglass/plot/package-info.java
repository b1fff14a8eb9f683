/** Placeholder. */
package sandglass.plot;
