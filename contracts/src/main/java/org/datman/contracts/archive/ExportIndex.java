package org.datman.contracts.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.SessionRef;
import org.jspecify.annotations.Nullable;

/**
 * The files that are published now, as the export index lists them: {@code .datman/series/<server>/<accession>/<scan>.json} and
 * {@code .datman/resources/<server>/<accession>/….json}. Read only; export writes it.
 */
public final class ExportIndex {

    /** Folder of the state of each scan. */
    public static final String SERIES = ".datman/series";

    /** Folder of the state of each associated file. */
    public static final String RESOURCES = ".datman/resources";

    private static final String JSON = ".json";

    private ExportIndex() {}

    /**
     * The content of an index file.
     *
     * @param session that it belongs to
     * @param scan when it belongs to one
     * @param study study code
     * @param files its published files
     */
    public record Entry(SessionRef session, @Nullable String scan, String study, List<FileRef> files) {

        public Optional<String> findScan() {
            return Optional.ofNullable(scan);
        }
    }

    /** All index files, by path in the archive, sorted. */
    public static List<String> files(Path archive) throws IOException {
        List<String> all = new ArrayList<>();
        for (String folder : List.of(SERIES, RESOURCES)) {
            Path root = archive.resolve(folder);
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(file -> file.getFileName().toString().endsWith(JSON))
                            .map(file -> archive.relativize(file).toString().replace('\\', '/'))
                            .forEach(all::add);
                }
            }
        }
        all.sort(String::compareTo);
        return all;
    }

    /**
     * Reads an index file.
     *
     * @return empty when it lists no published file, or is gone
     * @throws JsonProcessingException when it is damaged
     */
    public static Optional<Entry> read(Path archive, String index) throws IOException {
        try {
            JsonNode state = EventJson.mapper().readTree(Files.readAllBytes(Fixity.resolve(archive, index)));
            JsonNode exported = state.path("exported");
            if (!exported.isObject()) {
                return Optional.empty();
            }
            List<FileRef> files = new ArrayList<>();
            for (JsonNode product : exported.path("products")) {
                for (JsonNode file : product.path("files")) {
                    files.add(EventJson.mapper().treeToValue(file, FileRef.class));
                }
            }
            if (exported.path("file").isObject()) {
                files.add(EventJson.mapper().treeToValue(exported.path("file"), FileRef.class));
            }
            return files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Entry(
                            EventJson.mapper().treeToValue(exported.required("session"), SessionRef.class),
                            exported.path("scan").textValue(),
                            exported.path("study").asText(""),
                            files));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IllegalArgumentException incomplete) {
            throw JsonMappingException.from((JsonParser) null, incomplete.getMessage());
        }
    }
}
