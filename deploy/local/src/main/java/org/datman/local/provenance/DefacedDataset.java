package org.datman.local.provenance;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a study's raw BIDS dataset for those outside of the lab: of tags that the study defaces it has the image without the face under
 * the name of the original. An image without a defaced form of its bytes is not in it, nor is what DATMAN did not write: only texts that are,
 * byte for byte, as its manifests list them, and that did not come as BIDS.
 *
 * @param images how many it has
 * @param files how many it has, images included
 * @param leftOut images of the dataset that are not in the copy, and texts that belong to those that are, by path, with the reason
 * @param foreign how many other files of the dataset are not in the copy
 */
public record DefacedDataset(int images, int files, Map<String, String> leftOut, int foreign) {

    private static final Set<String> TOP = Set.of(
            "dataset_description.json",
            "README.md",
            "participants.tsv",
            "participants.json",
            "sessions.json",
            "scans.json");

    private static final Pattern IMAGE = Pattern.compile("\\.nii(\\.gz)?$");
    private static final Pattern COMPANION = Pattern.compile("\\.(json|bval|bvec)$");
    /** Tables of a run: their names are those of its images, without the suffix. */
    private static final Pattern OF_RUN = Pattern.compile("_(events\\.(tsv|json)|aslcontext\\.tsv)$");

    private static final Pattern SESSIONS = Pattern.compile("(sub-[0-9A-Za-z+]+)/\\1_sessions\\.tsv");
    private static final Pattern SCANS = Pattern.compile("(sub-[0-9A-Za-z+]+)/(ses-[0-9A-Za-z+]+)/\\1_\\2_scans\\.tsv");
    /** Of the files that DATMAN wrote, with their digests: above the sessions, and in the folder of each session. */
    private static final String MANIFEST = ".datman.json";

    private static final String RAW = "rawbids/";
    private static final Pattern SESSION = Pattern.compile("sub-[0-9A-Za-z+]+/ses-[0-9A-Za-z+]+/");
    private static final String URI = "bids::";

    private static final String CAME = "it came as BIDS: what is in it DATMAN does not know";
    private static final String FOREIGN = "DATMAN did not write it";
    private static final String CHANGED =
            "it is not as DATMAN wrote it, or is being written; run the command again, or look at it and add it to the copy yourself";
    private static final TypeReference<Map<String, String>> DIGESTS = new TypeReference<>() {};

    public DefacedDataset {
        leftOut = new TreeMap<>(leftOut);
    }

    /** Where an image of the copy comes from. */
    private record Source(Path file, String sha256, String target) {}

    /**
     * What the dataset says of its files.
     *
     * @param digests SHA-256 of what DATMAN wrote or linked, by path in the raw dataset
     * @param came paths of what came as BIDS
     */
    private record Known(Map<String, String> digests, Set<String> came) {

        static Known of(Path raw) throws IOException {
            Map<String, String> digests = new TreeMap<>();
            read(raw.resolveSibling(MANIFEST)).forEach((path, digest) -> {
                if (path.startsWith(RAW)) {
                    digests.put(path.substring(RAW.length()), digest);
                }
            });
            for (Path file : files(raw)) {
                String folder = raw.relativize(file).toString().replaceFirst("[^/]*$", "");
                if (file.endsWith(MANIFEST) && SESSION.matcher(folder).matches()) {
                    read(file).forEach((path, digest) -> digests.put(folder + path, digest));
                }
            }
            Set<String> came = new TreeSet<>();
            for (Path log : files(raw.resolveSibling("logs"))) {
                EventJson.mapper()
                        .readTree(log.toFile())
                        .path("cameAsBids")
                        .forEach(file -> came.add(file.path("path").asText()));
            }
            return new Known(digests, came);
        }

        private static Map<String, String> read(Path manifest) throws IOException {
            return Files.isRegularFile(manifest) ? EventJson.mapper().readValue(manifest.toFile(), DIGESTS) : Map.of();
        }

        /** Why a file of these bytes may not leave. */
        Optional<String> refusal(String path, String sha256) {
            if (came.contains(path)) {
                return Optional.of(CAME);
            }
            String written = digests.get(path);
            if (written == null) {
                return Optional.of(FOREIGN);
            }
            return written.equals(sha256) ? Optional.empty() : Optional.of(CHANGED);
        }
    }

    /**
     * Writes the copy.
     *
     * @param target an empty folder
     * @throws IOException when the study has no dataset, no rule that defaces, or an image that is not as its log says
     */
    public static DefacedDataset write(Path archive, String study, Path target) throws IOException {
        Set<String> tags = new DefacedImages(archive).tags(study);
        Path raw = Fixity.resolve(archive, study + "/bids/rawbids");
        if (!Files.isRegularFile(raw.resolve("dataset_description.json"))) {
            throw new IOException("Study " + study + " has no BIDS dataset in this archive");
        }
        Known known = Known.of(raw);
        Map<String, String> leftOut = new TreeMap<>();
        Map<String, Source> images = new TreeMap<>();
        for (Path log : files(raw.resolveSibling("logs"))) {
            for (JsonNode image : EventJson.mapper().readTree(log.toFile()).path("images")) {
                choose(archive, raw, image, tags, known, images, leftOut);
            }
        }
        return new Copy(raw, target, known, images, leftOut).write();
    }

    private static void choose(
            Path archive,
            Path raw,
            JsonNode image,
            Set<String> tags,
            Known known,
            Map<String, Source> images,
            Map<String, String> leftOut)
            throws IOException {
        String path = image.path("path").asText();
        FileRef original = null;
        for (Map.Entry<String, JsonNode> source : image.path("sources").properties()) {
            if (IMAGE.matcher(source.getKey()).find()) {
                original = new FileRef(
                        FileRole.NIFTI, source.getKey(), 0, source.getValue().asText());
            }
        }
        if (original == null) {
            leftOut.put(path, "its log does not say of which image it is");
            return;
        }
        Optional<String> refusal = known.refusal(path, original.sha256());
        if (refusal.isPresent()) {
            leftOut.put(path, refusal.get());
            return;
        }
        if (!tags.contains(image.path("tag").asText())) {
            images.put(path, new Source(Fixity.resolve(raw, path), original.sha256(), path));
            return;
        }
        Optional<Defaced> defaced = Defaced.find(archive, original);
        if (defaced.isEmpty()) {
            leftOut.put(path, DefacedImages.NOT_DEFACED);
            return;
        }
        FileRef file = defaced.get().defaced();
        String extension = file.path().endsWith(".gz") ? ".nii.gz" : ".nii";
        images.put(
                path,
                new Source(
                        Fixity.resolve(archive, file.path()),
                        file.sha256(),
                        IMAGE.matcher(path).replaceFirst(extension)));
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static final class Copy {

        private final Path raw;
        private final Path target;
        private final Known known;
        private final Map<String, Source> images;
        private final Map<String, String> leftOut;
        /** Paths of images in the copy without extension. */
        private final Set<String> bases = new TreeSet<>();

        private int files;
        private int foreign;

        Copy(Path raw, Path target, Known known, Map<String, Source> images, Map<String, String> leftOut) {
            this.raw = raw;
            this.known = known;
            this.target = target.toAbsolutePath().normalize();
            this.images = images;
            this.leftOut = leftOut;
        }

        DefacedDataset write() throws IOException {
            for (Map.Entry<String, Source> image : images.entrySet()) {
                bases.add(IMAGE.matcher(image.getKey()).replaceFirst(""));
                copy(image.getKey(), image.getValue());
            }
            for (Path file : files(raw)) {
                String path = raw.relativize(file).toString();
                if (IMAGE.matcher(path).find()) {
                    if (!images.containsKey(path)) {
                        leftOut.putIfAbsent(path, known.came().contains(path) ? CAME : FOREIGN);
                    }
                } else if (belongs(path)) {
                    text(path, Files.readAllBytes(file));
                } else if (!file.endsWith(MANIFEST)) {
                    foreign++;
                }
            }
            return new DefacedDataset(images.size(), files, leftOut, foreign);
        }

        private void copy(String path, Source image) throws IOException {
            Path copy = Fixity.resolve(target, image.target());
            Files.createDirectories(copy.getParent());
            Files.copy(image.file(), copy);
            if (!Fixity.sha256(copy).equals(image.sha256())) {
                throw new IOException(
                        path + " is not the image that its log names: is the session being written? Try again");
            }
            files++;
        }

        private void text(String path, byte[] bytes) throws IOException {
            Optional<String> refusal = known.refusal(path, DigestUtils.sha256Hex(bytes));
            if (refusal.isPresent()) {
                leftOut.put(path, refusal.get());
                return;
            }
            String content = new String(bytes, StandardCharsets.UTF_8);
            if (path.equals("participants.tsv")) {
                table(path, content, row -> there(row, row));
            } else if (SESSIONS.matcher(path).matches()) {
                String subject = path.substring(0, path.indexOf('/') + 1);
                table(path, content, row -> there(subject + row, row));
            } else if (SCANS.matcher(path).matches()) {
                String session = path.substring(0, path.lastIndexOf('/') + 1);
                table(path, content, row -> {
                    Source image = images.get(session + row);
                    return image == null ? null : image.target().substring(session.length());
                });
            } else {
                put(path, path.endsWith(".json") ? json(content) : content);
            }
        }

        private @Nullable String there(String folder, String row) {
            return Files.isDirectory(Fixity.resolve(target, folder)) ? row : null;
        }

        /** Whether a text of that name describes the dataset, or an image of the copy. */
        private boolean belongs(String path) {
            boolean table =
                    SESSIONS.matcher(path).matches() || SCANS.matcher(path).matches();
            String folder = path.substring(0, path.lastIndexOf('/') + 1);
            if (TOP.contains(path)
                    || table && bases.stream().anyMatch(base -> base.startsWith(folder))
                    || bases.contains(COMPANION.matcher(path).replaceFirst(""))) {
                return true;
            }
            String run = OF_RUN.matcher(path).replaceFirst("_");
            return !run.equals(path) && bases.stream().anyMatch(base -> base.startsWith(run));
        }

        /** A table with those rows whose first cell becomes another; not at all when there is none. */
        private void table(String path, String content, RowName name) throws IOException {
            List<String> lines = content.lines().toList();
            List<String> kept = new ArrayList<>();
            for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                String first = line.split("\t", 2)[0];
                String renamed = name.of(first);
                if (renamed != null) {
                    kept.add(renamed + line.substring(first.length()));
                }
            }
            if (!kept.isEmpty()) {
                put(path, lines.get(0) + "\n" + String.join("\n", kept) + "\n");
            }
        }

        private interface RowName {
            /** The first cell in the copy; null when the row is not in it. */
            @Nullable
            String of(String cell);
        }

        /** A sidecar intends nothing for an image that is not there. */
        private String json(String content) throws IOException {
            JsonNode json = EventJson.mapper().readTree(content);
            if (json instanceof ObjectNode object && object.path("IntendedFor").isArray()) {
                ArrayNode intended = EventJson.mapper().createArrayNode();
                for (JsonNode each : object.path("IntendedFor")) {
                    Source image = images.get(each.asText().replace(URI, ""));
                    if (image != null) {
                        intended.add(URI + image.target());
                    }
                }
                object.set("IntendedFor", intended);
                if (intended.isEmpty()) {
                    object.remove("IntendedFor");
                }
            }
            return json.toPrettyString() + "\n";
        }

        private void put(String path, String content) throws IOException {
            Path copy = Fixity.resolve(target, path);
            Files.createDirectories(copy.getParent());
            Files.write(copy, content.getBytes(StandardCharsets.UTF_8));
            files++;
        }
    }
}
