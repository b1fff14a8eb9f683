/**
 * USETL's claims C1 to C10 (Fingler, Akshintala, Rossbach: USETL, APSys 2019), each held against the results of the shipped
 * experiments. A claim reads results and gives a verdict; it may turn out false. May not live here: anything that runs an
 * experiment, and any number that is not the paper's own statement.
 */
package sandglass.experiment.claims;
