package org.datman.bids.validation;

import java.util.Optional;
import org.datman.bids.dataset.Folder;

/**
 * The part of a dataset that is validated at once: a session, a subject without what lies in its sessions, or the dataset without its
 * subjects.
 *
 * @param path {@code /sub-01/ses-02/}, {@code /sub-01/} or {@code /}
 */
record Unit(String path) {

    static final Unit DATASET = new Unit("/");

    /** The unit that a file belongs to. What concerns a folder of a subject or session concerns the unit above and its own. */
    static Unit of(String path) {
        String[] names = path.substring(1).split("/", -1);
        if (names.length < 2 || names[1].isEmpty() || !names[0].startsWith("sub-")) {
            return DATASET;
        }
        boolean inSession = names.length > 2 && !names[2].isEmpty() && names[1].startsWith("ses-");
        return new Unit("/" + names[0] + "/" + (inSession ? names[1] + "/" : ""));
    }

    static Unit of(Folder folder) {
        return new Unit(folder.path().equals("/") ? "/" : folder.path() + "/");
    }

    /** Whether a folder that is directly in this unit is a unit of its own. */
    boolean leavesOut(Folder folder) {
        if (this.equals(DATASET)) {
            return folder.name().startsWith("sub-");
        }
        boolean subject = path.indexOf('/', 1) == path.length() - 1;
        return subject
                && folder.name().startsWith("ses-")
                && Unit.of(folder.path()).equals(this);
    }

    /** Where it lies; empty if it is there no more. */
    Optional<Folder> folder(Folder root) {
        Optional<Folder> at = Optional.of(root);
        for (String name : path.substring(1).split("/")) {
            at = name.isEmpty() ? at : at.flatMap(folder -> folder.folder(name));
        }
        return at;
    }
}
