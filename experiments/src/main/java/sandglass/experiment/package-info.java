/** Placeholder. */
package sandglass.experiment;
