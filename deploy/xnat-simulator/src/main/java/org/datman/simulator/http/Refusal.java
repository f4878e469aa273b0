package org.datman.simulator.http;

/** A request that is not done; `status` is the HTTP status that XNAT gives, or 501 for what only the simulator cannot do. */
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

    /** 405, as XNAT says it. */
    public static Refusal method(Request request) {
        return new Refusal(405, "The method " + request.method() + " is not allowed for " + request.rawPath() + ".");
    }

    /** 501: something that an XNAT does and the simulator does not. */
    public static Refusal notDone(String what) {
        return new Refusal(501, "The simulator does not do this: " + what);
    }
}
