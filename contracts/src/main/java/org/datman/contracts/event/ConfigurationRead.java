package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The study configuration as it is now: the valid studies, and the faults in the files. Published whenever either changes, so
 * the newest event shows whether a fault still exists.
 *
 * @param configRevision of the valid studies, together
 * @param studies codes of the valid studies; one whose new text is faulty is valid with its last good text
 * @param faults all faults, in the order of files and lines; empty when there are none
 * @param time when it was read
 * @param held changes that are not applied before a person confirms them; absent in events from before this field existed
 */
@WithBuilder
public record ConfigurationRead(
        String configRevision, List<String> studies, List<Fault> faults, Instant time, Optional<List<Held>> held)
        implements Event.OfNoSession, ConfigurationReadBuilder.With {

    /**
     * A change that would withdraw files, or of a study that takes no change unseen, which is held until a person confirms it. The study keeps its last accepted text.
     *
     * @param study code of the study
     * @param change identifies the change among those of the study, for its confirmation
     * @param file name of the study's file
     * @param message what would change, as text
     * @param series how many series would lose their files
     */
    public record Held(String study, String change, String file, String message, long series) {}

    /**
     * What is wrong in a file, where, and what is allowed.
     *
     * @param file name of the file, or the folder
     * @param line 1-based; 0 when the fault concerns the file or folder as a whole
     * @param column 1-based; 0 likewise
     * @param key path of the key, as {@code Sites.CMH.Tags.T1.Pattern}; empty when it concerns no key
     * @param problem what is wrong
     * @param allowed what is allowed; empty when there is no such list
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

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return "Study configuration read: " + studies.size() + " studies hold, " + faults.size() + " faults";
    }
}
