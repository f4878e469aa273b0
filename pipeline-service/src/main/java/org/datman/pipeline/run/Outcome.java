package org.datman.pipeline.run;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;

/** What came of one attempt. */
sealed interface Outcome {

    /** All declared outputs lie in the archive. */
    record Succeeded(List<FileRef> outputs, int exitCode, double wallSeconds) implements Outcome {}

    /** It would fail again as things are. */
    record Failed(Reason reason, List<FileRef> outputs, OptionalInt exitCode, OptionalDouble wallSeconds)
            implements Outcome {

        static Failed before(Reason reason) {
            return new Failed(reason, List.of(), OptionalInt.empty(), OptionalDouble.empty());
        }
    }

    /** Something around the tool failed: it is tried again. */
    record Interrupted(Reason reason) implements Outcome {}
}
