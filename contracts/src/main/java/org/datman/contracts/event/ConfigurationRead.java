package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The study configuration as it is now: which studies hold, and what is wrong in the files. Said whenever either changes, so
 * the newest one says whether a fault is still there.
 *
 * @param configRevision of the studies that hold, together
 * @param studies codes of the studies that hold; one whose new text is faulty holds with its last good text
 * @param faults all that is wrong, in the order of files and lines; empty when all is well
 * @param time when it was read
 * @param held changes that are not acted on before a person confirms them; absent in events of before there were any
 */
public record ConfigurationRead(
        String configRevision, List<String> studies, List<Fault> faults, Instant time, Optional<List<Held>> held)
        implements Event {

    /**
     * A change that would withdraw files and waits for a person. The study holds with its last accepted text.
     *
     * @param study code of the study
     * @param change tells it apart from other changes of the study, to be confirmed with
     * @param file name of the study's file
     * @param message what would change, in words
     * @param series how many series would lose their files
     */
    public record Held(String study, String change, String file, String message, long series) {}

    /**
     * What is wrong in a file, where, and what would be right.
     *
     * @param file name of the file, or the folder
     * @param line 1-based; 0 when the fault is of the file or folder as a whole
     * @param column 1-based; 0 likewise
     * @param key path of the key, as {@code Sites.CMH.Tags.T1.Pattern}; empty when it is of no key
     * @param problem what is wrong
     * @param allowed what would be right; empty when that cannot be said
     */
    public record Fault(String file, int line, int column, String key, String problem, String allowed) {}

    @Override
    public String key() {
        return "configuration";
    }

    @Override
    public String identity() {
        return "configuration";
    }

    @Override
    public String revision() {
        return configRevision + "@" + time;
    }
}
