package org.datman.local.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which tags an image of each kind in a {@code reference.tsv} may have: tags belong to a study, kinds to the references. Read from a
 * file with the columns {@code kind} and {@code tags} (several with a space between); {@code #} begins a comment line.
 *
 * @param file its path; null when tags are not compared
 * @param tags the tags of each kind
 */
public record ReferenceKinds(@Nullable Path file, Map<String, Set<String>> tags) {

    /** The file's name in a folder of study files. */
    public static final String FILE = "reference-kinds.tsv";

    /** No kind is known, so no tag is compared. */
    public static final ReferenceKinds NONE = new ReferenceKinds(null, Map.of());

    /** Cells between tabs, as they are: no quotes, no trimming; the first line has the columns. */
    static final CSVFormat TABLE = CSVFormat.TDF
            .builder()
            .setQuote(null)
            .setIgnoreSurroundingSpaces(false)
            .setIgnoreEmptyLines(false)
            .setAllowMissingColumnNames(true)
            .setHeader()
            .setSkipHeaderRecord(true)
            .get();

    private static final CSVFormat KINDS = TABLE.builder()
            .setHeader((String[]) null)
            .setSkipHeaderRecord(false)
            .setCommentMarker('#')
            .setIgnoreEmptyLines(true)
            .get();

    private static final List<String> HEAD = List.of("kind", "tags");

    /** The kinds in that file. */
    public static ReferenceKinds read(Path file) throws IOException {
        Map<String, Set<String>> tags = new TreeMap<>();
        boolean headed = false;
        try (CSVParser table = CSVParser.parse(file, StandardCharsets.UTF_8, KINDS)) {
            for (CSVRecord record : table) {
                List<String> cells = record.toList();
                if (cells.size() == 1 && cells.get(0).isBlank()) {
                    continue;
                }
                if (!headed && !cells.equals(HEAD)
                        || cells.size() != 2
                        || cells.get(1).isBlank()) {
                    throw new IOException(file + ":" + table.getCurrentLineNumber() + ": '" + String.join("	", cells)
                            + "' is wrong; the first line is 'kind<TAB>tags',"
                            + " each other one a kind of reference.tsv, a tab, and its tags with spaces between");
                }
                if (headed) {
                    tags.put(cells.get(0), Set.of(cells.get(1).strip().split("\\s+")));
                }
                headed = true;
            }
        }
        return new ReferenceKinds(file, tags);
    }

    /** What is wrong with that tag for an image of that kind; empty when nothing is, or tags are not compared. */
    Optional<String> difference(String kind, String tag) {
        if (file == null) {
            return Optional.empty();
        }
        Set<String> right = tags.get(kind);
        if (right == null) {
            return Optional.of("its kind '" + kind + "' is not in " + file);
        }
        return right.contains(tag)
                ? Optional.empty()
                : Optional.of("tagged " + tag + ", which is not " + kind + " (" + file.getFileName() + ")");
    }
}
