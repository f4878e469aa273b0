package org.datman.local.legacy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.naming.NamingException;
import org.datman.local.legacy.ImportNote.Outcome;
import org.datman.local.legacy.StudyImport.Translation;

/** The metadata folder of a study: gold standards become part of its configuration, the tables part of the report. */
final class MetadataImport {

    /** Before any scan: the old DATMAN compared all scans with the newest standard. */
    private static final String FROM = "1990-01-01";

    private static final String STANDARDS = "standards";

    private final Path folder;
    private final Translation study;
    private final String studyName;
    private final List<ImportNote> notes = new ArrayList<>();

    private MetadataImport(Path folder, Translation study, String studyName) {
        this.folder = folder;
        this.study = study;
        this.studyName = studyName;
    }

    /**
     * Writes the gold standards below {@code out} and their entries into the study's configuration.
     *
     * @param studyName of the study's file, without ending: no other study has it
     */
    static List<ImportNote> into(Path folder, Translation study, String studyName, Path out) throws IOException {
        MetadataImport metadata = new MetadataImport(folder, study, studyName);
        metadata.standards(out);
        metadata.tables();
        return metadata.notes;
    }

    private record Standard(Path file, String site, String tag, FileTime modified) {}

    private void standards(Path out) throws IOException {
        for (Path file : files(folder.resolve(STANDARDS), "")) {
            boolean read = file.toString().endsWith(".json")
                    || file.toString().endsWith(".bval") && Files.exists(sibling(file, ".bval", ".json"));
            if (!read) {
                left(file, "is no sidecar of a gold standard, nor its gradient table", "");
            }
        }
        Map<String, Standard> newest = new LinkedHashMap<>();
        for (Path file : files(folder.resolve(STANDARDS), ".json")) {
            try {
                FileName name = FileName.parse(file.getFileName().toString());
                Standard standard = new Standard(file, name.id().site(), name.tag(), Files.getLastModifiedTime(file));
                if (!study.hasTag(standard.site(), standard.tag())) {
                    left(
                            file,
                            "is of tag " + standard.tag() + " at " + standard.site()
                                    + ", which the study does not have",
                            "");
                    continue;
                }
                newest.merge(standard.site() + " " + standard.tag(), standard, this::newer);
            } catch (NamingException e) {
                left(file, e.getMessage(), "name it as a series of the study, and add it to GoldStandards");
            }
        }
        if (newest.isEmpty()) {
            return;
        }
        ArrayNode list = study.configuration().putArray("GoldStandards");
        Path target = Files.createDirectories(out.resolve(STANDARDS).resolve(studyName));
        for (Standard standard : newest.values()) {
            Path name = standard.file().getFileName();
            Files.copy(standard.file(), target.resolve(name));
            Path gradients = sibling(standard.file(), ".json", ".bval");
            if (Files.isRegularFile(gradients)) {
                Files.copy(gradients, target.resolve(gradients.getFileName()));
            }
            ObjectNode entry = list.addObject();
            entry.put("Site", standard.site()).put("Tag", standard.tag()).put("From", FROM);
            entry.put("File", STANDARDS + "/" + studyName + "/" + name);
            notes.add(new ImportNote(
                    Outcome.CARRIED,
                    place(standard.file()),
                    "gold standard",
                    "of " + standard.tag() + " at " + standard.site(),
                    ""));
        }
    }

    private static Path sibling(Path file, String ending, String other) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
    }

    private Standard newer(Standard a, Standard b) {
        Standard newer = a.modified().compareTo(b.modified()) >= 0 ? a : b;
        Standard older = newer.equals(a) ? b : a;
        notes.add(new ImportNote(
                Outcome.CHANGED,
                place(older.file()),
                "gold standard",
                "is older than " + newer.file().getFileName() + ", which the old DATMAN compared with",
                "add it to GoldStandards with its days if earlier scans have to be compared with it"));
        return newer;
    }

    private void tables() throws IOException {
        int renamed = 0;
        for (List<String> row : rows("scans.csv", "source_name")) {
            boolean ignored = row.size() > 1 && row.get(1).equals("<ignore>");
            renamed += ignored ? 0 : 1;
            if (ignored) {
                left(
                        folder.resolve("scans.csv"),
                        "'" + row.get(0) + "' was never to be taken",
                        "delete it on XNAT if it is there");
            }
        }
        if (renamed > 0) {
            notes.add(new ImportNote(
                    Outcome.CHANGED,
                    place(folder.resolve("scans.csv")),
                    "names",
                    renamed + " scans were given another name; sessions are named on XNAT now",
                    "their sessions on XNAT have that name already where the old DATMAN uploaded them"));
        }
        for (List<String> row : rows("blacklist.csv", "series")) {
            left(
                    folder.resolve("blacklist.csv"),
                    row.get(0) + " was rejected: " + String.join(" ", row.subList(1, row.size())),
                    "blacklist it");
        }
        for (List<String> row : rows("checklist.csv", "")) {
            if (row.size() > 1) {
                left(
                        folder.resolve("checklist.csv"),
                        row.get(0).replaceFirst("^qc_", "").replaceFirst("\\.html$", "") + " was signed off: "
                                + String.join(" ", row.subList(1, row.size())),
                        "sign it off again: that is of the files which were seen then");
            }
        }
        for (List<String> row : rows("external-links.csv", "subject")) {
            left(
                    folder.resolve("external-links.csv"),
                    String.join(" ", row),
                    "share the session on XNAT: it then belongs to both studies");
        }
        for (String name : List.of("dcm2bids.json", "greylist.csv", "human-phantom-IDs.csv")) {
            if (Files.exists(folder.resolve(name))) {
                left(
                        folder.resolve(name),
                        "is not read",
                        "see Bids of a tag in docs/study-configuration.md for BIDS names");
            }
        }
        for (String name : List.of("mrftppass.txt", "redcap-token", "xnat-credentials")) {
            if (Files.exists(folder.resolve(name))) {
                left(folder.resolve(name), "is a secret and is not read", "keep secrets out of the study's folder");
            }
        }
    }

    /** The rows of a table whose fields are separated by blanks or commas; the reason of a blacklisted series has both. */
    private List<List<String>> rows(String name, String header) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> List.of(line.strip().split("[,\\s]+")))
                    .filter(row -> !row.get(0).isEmpty())
                    .filter(row -> header.isEmpty() || !row.get(0).equals(header))
                    .toList();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private void left(Path file, String message, String action) {
        notes.add(new ImportNote(Outcome.LEFT, place(file), file.getFileName().toString(), message, action));
    }

    private String place(Path file) {
        return folder.getFileName() + "/" + folder.relativize(file);
    }
}
