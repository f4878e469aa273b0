package org.datman.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which tags an image of each kind in a {@code reference.tsv} may have: tags belong to a study, kinds to the references. Read from a
 * file with the columns {@code kind} and {@code tags} (several with a space between); {@code #} begins a comment line.
 *
 * @param file its path; empty when tags are not compared
 * @param tags the tags of each kind
 */
public record ReferenceKinds(Optional<Path> file, Map<String, Set<String>> tags) {

    /** The file's name in a folder of study files. */
    public static final String FILE = "reference-kinds.tsv";

    /** No kind is known, so no tag is compared. */
    public static final ReferenceKinds NONE = new ReferenceKinds(Optional.empty(), Map.of());

    private static final String HEAD = "kind\ttags";

    /** The kinds in that file. */
    public static ReferenceKinds read(Path file) throws IOException {
        Map<String, Set<String>> tags = new TreeMap<>();
        List<String> lines = Files.readAllLines(file);
        boolean headed = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (!headed && !line.equals(HEAD) || cells.length != 2 || cells[1].isBlank()) {
                throw new IOException(
                        file + ":" + (i + 1) + ": '" + line + "' is wrong; the first line is 'kind<TAB>tags',"
                                + " each other one a kind of reference.tsv, a tab, and its tags with spaces between");
            }
            if (headed) {
                tags.put(cells[0], Set.of(cells[1].strip().split("\\s+")));
            }
            headed = true;
        }
        return new ReferenceKinds(Optional.of(file), tags);
    }

    /** What is wrong with that tag for an image of that kind; empty when nothing is, or tags are not compared. */
    Optional<String> difference(String kind, String tag) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Set<String> right = tags.get(kind);
        if (right == null) {
            return Optional.of("its kind '" + kind + "' is not in " + file.get());
        }
        return right.contains(tag)
                ? Optional.empty()
                : Optional.of("tagged " + tag + ", which is not " + kind + " ("
                        + file.get().getFileName() + ")");
    }
}
