package sandglass.workload.trace;

/** What identifies a function; an app's memory row has the empty function. */
record FunctionKey(String owner, String app, String function) {}
