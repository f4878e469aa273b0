package org.datman.simulator.http;

/** A rejected request; {@code status} is the HTTP status that XNAT gives, or 501 for features that only the simulator lacks. */
public class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    public Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    public final int status() {
        return status;
    }

    /** 405, like XNAT. */
    public static Refusal method(Request request) {
        return new Refusal(405, "The method " + request.method() + " is not allowed for " + request.rawPath() + ".");
    }

    /** 501: a feature that XNAT has and the simulator does not. */
    public static Refusal notDone(String what) {
        return new Refusal(501, "The simulator does not do this: " + what);
    }
}
