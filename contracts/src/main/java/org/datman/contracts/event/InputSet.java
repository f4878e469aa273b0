package org.datman.contracts.event;

import java.util.List;
import java.util.Optional;

/**
 * An input of a tool that is not one file.
 *
 * @param folder the folder of the archive in which all of them are, which the tool gets with this content; absent: it gets a list of files
 * @param files in the order of the list, or by path
 */
public record InputSet(Optional<String> folder, List<FileRef> files) {

    public InputSet {
        files = List.copyOf(files);
    }

    /** The path of one of the files in this input: below its folder, or its name. */
    public String pathOf(FileRef file) {
        String path = file.path();
        return folder.filter(in -> path.startsWith(in + "/"))
                .map(in -> path.substring(in.length() + 1))
                .orElseGet(() -> path.substring(path.lastIndexOf('/') + 1));
    }
}
