package sandglass.experiment.cli;

/** Who runs the scenarios. */
enum ExecutorChoice {
    SIM,
    PROBE,
    RECORDED
}
