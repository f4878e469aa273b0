package org.datman.pipeline.run;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;

/** The outcome of one attempt. */
sealed interface Outcome {

    /** All declared outputs are in the archive. */
    record Succeeded(List<FileRef> outputs, int exitCode, double wallSeconds) implements Outcome {}

    /** A retry would fail again. */
    record Failed(Reason reason, List<FileRef> outputs, OptionalInt exitCode, OptionalDouble wallSeconds)
            implements Outcome {

        static Failed before(Reason reason) {
            return new Failed(reason, List.of(), OptionalInt.empty(), OptionalDouble.empty());
        }
    }

    /** The environment of the tool failed: the run is retried. */
    record Interrupted(Reason reason) implements Outcome {}
}
