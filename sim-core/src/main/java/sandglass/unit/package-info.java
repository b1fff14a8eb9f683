/** Quantities. */
package sandglass.unit;
