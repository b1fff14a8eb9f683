package sandglass.scenario;

/** One random stream: independent draws, uniform on the open interval (0, 1). */
@FunctionalInterface
public interface Uniforms {

    /** The next draw, strictly between 0 and 1. */
    double next();
}
