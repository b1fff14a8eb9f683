/**
 * Quantities with units, and distributions over them. Lives here: parsing and printing of {@code 10ms}, {@code 128MiB},
 * {@code 50/s}, and {@link sandglass.unit.Distribution}. May not live here: anything that knows what a sandbox is.
 */
package sandglass.unit;
