package org.datman.bids.validation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.datman.bids.dataset.BidsFileName;
import org.datman.bids.dataset.Content;
import org.datman.bids.dataset.Contents;
import org.datman.bids.dataset.DatasetFile;
import org.datman.bids.dataset.Folder;
import org.datman.bids.dataset.FolderReader;
import org.datman.bids.dataset.IgnoreRules;
import org.datman.bids.expression.Values;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.schema.DirectoryRule;
import org.jspecify.annotations.Nullable;

/** What all files of a dataset share. */
final class DatasetContext {

    static final String DESCRIPTION = "/dataset_description.json";

    private final BidsSchema schema;
    private final Folder root;
    private final Contents contents;
    private final IgnoreRules ignored;
    private final Content.@Nullable Fault ignoreFault;
    private final Map<String, Object> description;
    private final Map<String, Object> asValue = new LinkedHashMap<>();

    DatasetContext(BidsSchema schema, Folder root, Contents contents) {
        this.schema = schema;
        this.root = root;
        this.contents = contents;
        Optional<Content<String>> ignoreFile =
                root.file(FolderReader.IGNORE_FILE).map(Contents::text);
        ignoreFault = ignoreFile.flatMap(Content::findFault).orElse(null);
        ignored = new IgnoreRules(ignoreFile
                .map(Content::value)
                .map(text -> new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .orElse(""));
        description = new LinkedHashMap<>(root.file("dataset_description.json")
                .map(contents::json)
                .map(Content::value)
                .orElse(Map.of()));
        // A dataset that does not say its type is a derivative if it says what made it.
        if (!Values.truthy(description.getOrDefault("DatasetType", ""))) {
            description.put(
                    "DatasetType", Values.truthy(description.getOrDefault("GeneratedBy", "")) ? "derivative" : "raw");
        }
        asValue.put("dataset_description", description);
        asValue.put("tree", Map.of());
        asValue.put("ignored", List.of());
        // The official validator leaves these two empty, and rules that ask for them never apply.
        asValue.put("datatypes", List.of());
        asValue.put("modalities", List.of());
        asValue.put("subjects", subjects());
    }

    private Map<String, Object> subjects() {
        Map<String, Object> subjects = new LinkedHashMap<>();
        subjects.put(
                "sub_dirs",
                root.folders().stream()
                        .map(Folder::name)
                        .filter(name -> name.startsWith("sub-"))
                        .collect(Collectors.<Object>toList()));
        root.file("participants.tsv")
                .map(file -> contents.table(file).value().get("participant_id"))
                .ifPresent(ids -> subjects.put("participant_id", ids));
        return subjects;
    }

    /** Why {@code .bidsignore} could not be read. */
    Optional<Content.Fault> ignoreFault() {
        return Optional.ofNullable(ignoreFault);
    }

    /** Lines of {@code .bidsignore} that are no pattern. */
    List<String> ignoreLinesLeftOut() {
        return ignored.leftOut();
    }

    BidsSchema schema() {
        return schema;
    }

    Folder root() {
        return root;
    }

    Contents contents() {
        return contents;
    }

    Map<String, Object> description() {
        return description;
    }

    Map<String, Object> asValue() {
        return asValue;
    }

    String type() {
        return description.get("DatasetType") instanceof String type ? type : "raw";
    }

    boolean isDerivative() {
        return type().equals("derivative");
    }

    List<DirectoryRule> directoryRules() {
        return schema.directoryRules().getOrDefault(type(), List.of());
    }

    boolean isIgnored(DatasetFile file) {
        return file.path().equals("/" + FolderReader.IGNORE_FILE) || ignored.ignores(file.path());
    }

    boolean isIgnored(String path) {
        return ignored.ignores(path);
    }

    /** Whether a folder counts as one file: {@code sub-01_meg.ds}. */
    boolean isFileLike(Folder folder) {
        BidsFileName name = BidsFileName.parse(folder.name());
        return !name.suffix().isEmpty()
                && !name.entities().isEmpty()
                && schema.extensions().contains(name.extension() + "/");
    }

    /** Whether rules stop at a folder. */
    boolean isOpaque(Folder folder) {
        return isFileLike(folder)
                || directoryRules().stream()
                        .anyMatch(rule -> rule.opaque()
                                && rule.allows(folder.name())
                                && folder.path().equals("/" + folder.name()));
    }

    /** The folder as rules see it: a name with a slash; its size counts if rules stop at it. */
    DatasetFile asFile(Folder folder) {
        return new DatasetFile(
                folder.parent().orElse(folder),
                folder.name() + "/",
                folder.path() + "/",
                BidsFileName.parse(folder.name() + "/"),
                isOpaque(folder) ? folder.size() : 0,
                folder.onDisk());
    }

    /** The contents of a JSON file as rules see them: the description of the dataset with its type. */
    Map<String, Object> json(DatasetFile file, Consumer<Content.Fault> onFault) {
        Content<Map<String, Object>> content = contents.json(file);
        content.findFault().ifPresent(onFault);
        return file.path().equals(DESCRIPTION) && content.fault() == null ? description : content.value();
    }
}
