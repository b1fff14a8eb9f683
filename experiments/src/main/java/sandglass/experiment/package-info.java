/**
 * YAML in, results out. Sub-packages: {@code read} (strict readers), {@code write} (canonical JSON and digests), {@code store} (results
 * on disk), {@code sweep} (running them all), {@code report}, {@code claims} and {@code cli}. May not live here: models, native calls,
 * drawing.
 */
package sandglass.experiment;
