package org.datman.pipeline.run;

import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.RunUsage;
import org.datman.contracts.event.ToolMeasure;
import org.jspecify.annotations.Nullable;

/** The outcome of one attempt. */
sealed interface Outcome {

    /**
     * How its process ran.
     *
     * @param exitCode of the tool, or null when it did not run
     * @param wallSeconds how long it ran, or null when it did not
     * @param usage where it ran and what it used, or null when it did not
     */
    record Ran(
            @Nullable Integer exitCode,
            @Nullable Double wallSeconds,
            @Nullable RunUsage usage) {

        /** It did not run. */
        static final Ran NOT = new Ran(null, null, null);
    }

    /**
     * All declared outputs are in the archive.
     *
     * @param places where in the archive each of them is, by its id
     */
    record Succeeded(List<FileRef> outputs, Map<String, String> places, List<ToolMeasure> measures, Ran ran)
            implements Outcome {}

    /**
     * A retry would fail again.
     */
    record Failed(Reason reason, List<FileRef> outputs, Ran ran) implements Outcome {

        static Failed before(Reason reason) {
            return new Failed(reason, List.of(), Ran.NOT);
        }
    }

    /**
     * The environment of the tool failed, or the tool for a transient cause: the run is retried.
     *
     * @param outputs what is kept of it, its logs
     */
    record Interrupted(Reason reason, List<FileRef> outputs, Ran ran) implements Outcome {

        static Interrupted by(Reason reason) {
            return new Interrupted(reason, List.of(), Ran.NOT);
        }
    }
}
