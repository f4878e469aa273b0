package org.datman.bids.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.bids.dataset.BidsFileName;
import org.datman.bids.dataset.Content;
import org.datman.bids.dataset.Contents;
import org.datman.bids.dataset.DatasetFile;
import org.datman.bids.dataset.Headers;
import org.datman.bids.dataset.Inheritance;
import org.datman.bids.expression.Absent;
import org.datman.bids.expression.Expression;
import org.datman.bids.expression.JsonValues;
import org.datman.bids.expression.Scope;
import org.datman.bids.expression.Values;
import org.datman.bids.schema.Association;

/** One file, or folder, and what expressions can ask about it. What is found out goes to {@link #findings}. */
final class FileContext implements Scope {

    private final DatasetContext dataset;
    private final DatasetFile file;
    private final boolean folder;
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Set<String> looked = new LinkedHashSet<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> notChecked = new LinkedHashSet<>();
    private final Map<String, Object> names = new HashMap<>();
    private final Map<String, String> sidecarOf = new HashMap<>();
    private Map<String, String> entities;
    private String suffix;
    private String extension;
    private final String datatype;

    FileContext(DatasetContext dataset, DatasetFile file, boolean folder, boolean readHeaders) {
        this.dataset = dataset;
        this.file = file;
        this.folder = folder;
        BidsFileName parts = file.parts();
        entities = parts.entities();
        suffix = parts.suffix();
        extension = parts.extension();
        String parent = file.folder().name();
        datatype = dataset.schema().datatypes().contains(parent) ? parent : "";
        names.put("schema", dataset.schema().whole());
        names.put("dataset", dataset.asValue());
        names.put("subject", Map.of());
        names.put("path", file.path());
        names.put("size", (double) file.size());
        names.put("datatype", datatype);
        names.put("modality", dataset.schema().modalities().getOrDefault(datatype, ""));
        names.put("entities", entities);
        names.put("suffix", suffix);
        names.put("extension", extension);
        names.put("sidecar", sidecar());
        names.put("associations", associations());
        names.put("columns", columns());
        if (readHeaders && extension.startsWith(".nii")) {
            readNifti();
        }
        names.put(
                "json", extension.equals(".json") ? dataset.json(file, fault -> report(fault, file.path())) : Map.of());
        if (extension.endsWith(".gz")) {
            // Who leaves out the headers of images may have none of their contents.
            header("gzip", Headers::gzip, readHeaders || !extension.startsWith(".nii"));
        }
        if (extension.endsWith(".tif") || extension.endsWith(".btf")) {
            header("tiff", Headers::tiff, true);
        }
    }

    private interface HeaderReader {
        Optional<Map<String, Object>> read(DatasetFile file) throws IOException;
    }

    private void header(String name, HeaderReader reader, boolean needed) {
        try {
            reader.read(file).ifPresent(header -> names.put(name, header));
        } catch (IOException unreadable) {
            if (needed) {
                report(Code.FILE_READ.at(file.path(), String.valueOf(unreadable.getMessage())));
            }
        }
    }

    DatasetContext dataset() {
        return dataset;
    }

    DatasetFile file() {
        return file;
    }

    String path() {
        return file.path();
    }

    boolean isFolder() {
        return folder;
    }

    Map<String, String> entities() {
        return entities;
    }

    String suffix() {
        return suffix;
    }

    String extension() {
        return extension;
    }

    String datatype() {
        return datatype;
    }

    Map<String, Object> json() {
        return JsonValues.object(get("json"));
    }

    Map<String, Object> metadata() {
        return JsonValues.object(get("sidecar"));
    }

    @SuppressWarnings("unchecked")
    Map<String, List<Object>> table() {
        return (Map<String, List<Object>>) get("columns");
    }

    /** The sidecar that a field of the metadata is from; empty if it is from none. */
    String sidecarOf(String field) {
        return sidecarOf.getOrDefault(field, "");
    }

    /** Rules about a file by its path alone have no suffix, extension or entities: the name means nothing then. */
    void forget(boolean noEntities, boolean noExtension, boolean noSuffix) {
        entities = noEntities ? Map.of() : entities;
        extension = noExtension ? "" : extension;
        suffix = noSuffix ? "" : suffix;
        names.put("entities", entities);
        names.put("extension", extension);
        names.put("suffix", suffix);
    }

    void report(Finding finding) {
        findings.add(finding);
    }

    private void report(Content.Fault fault, String location) {
        report(Code.of(fault.code()).at(location, "", "", fault.line(), fault.detail()));
    }

    Set<Finding> findings() {
        return findings;
    }

    /** Files that belong to this one: sidecars, associated files, and files that it names. */
    Set<String> looked() {
        return looked;
    }

    /** Parts of this file that no rule looks at. */
    Set<String> notChecked() {
        return notChecked;
    }

    /** Paths whose existence matters to this file. */
    Set<String> asked() {
        return asked;
    }

    @Override
    public Object get(String name) {
        return names.getOrDefault(name, Absent.UNDEFINED);
    }

    @Override
    public boolean exists(String path, String where) {
        String full =
                switch (where) {
                    case "file" -> file.folder().child(path);
                    case "stimuli" -> "/stimuli/" + path;
                    case "subject" -> "/sub-" + entities.getOrDefault("sub", "undefined") + "/" + path;
                    default -> "/" + path;
                };
        asked.add(full);
        boolean there = dataset.root().contains(full.substring(1));
        if (there) {
            looked.add(full);
        }
        return there;
    }

    private Map<String, Object> sidecar() {
        if (extension.equals(".json")) {
            return Map.of();
        }
        Inheritance.Found found = Inheritance.sidecars(file);
        found.all().forEach(sidecar -> looked.add(sidecar.path()));
        if (!found.ambiguous().isEmpty()) {
            reportAmbiguous(found);
            return Map.of();
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        for (DatasetFile sidecar : found.all()) {
            Content<Map<String, Object>> content = dataset.contents().json(sidecar);
            if (content.fault() != null) {
                continue; // Found when the sidecar itself is looked at.
            }
            content.value().forEach((key, value) -> {
                Object nearer = merged.get(key);
                if (nearer == null) {
                    merged.put(key, value);
                    sidecarOf.put(key, sidecar.path());
                } else if (!Values.strictlyEqual(nearer, value)) {
                    report(Code.SIDECAR_FIELD_OVERRIDE.at(
                            sidecarOf(key), key, "", 0, sidecar.path() + " has " + Values.text(value)));
                }
            });
        }
        if (merged.get("RepetitionTime") instanceof Double seconds) {
            // Rules compare it with the rounded time in the image header.
            merged.put("RepetitionTime", Headers.round(seconds));
        }
        return merged;
    }

    private void reportAmbiguous(Inheritance.Found found) {
        List<String> paths =
                found.ambiguous().stream().map(DatasetFile::path).sorted().toList();
        report(Code.MULTIPLE_INHERITABLE_FILES.at(paths.get(0), String.join(", ", paths) + " for " + file.path()));
    }

    private Map<String, Object> associations() {
        Map<String, Object> associations = new LinkedHashMap<>();
        for (Association association : dataset.schema().associations()) {
            if (!holdsAll(association.selectors())) {
                continue;
            }
            Inheritance.Found found = Inheritance.search(
                    file,
                    new Inheritance.Wanted(
                            association.suffix(),
                            association.extensions(),
                            association.entities(),
                            association.inherit(),
                            true));
            if (!found.ambiguous().isEmpty()) {
                reportAmbiguous(found);
            } else if (!found.files().isEmpty()) {
                List<DatasetFile> files = found.files().get(0);
                files.forEach(each -> looked.add(each.path()));
                associations.put(association.name(), associated(association.name(), files));
            }
        }
        return associations;
    }

    private boolean holdsAll(List<Expression> selectors) {
        return selectors.stream().allMatch(selector -> selector.holds(this));
    }

    private Object associated(String name, List<DatasetFile> files) {
        DatasetFile first = files.get(0);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("path", first.path());
        switch (name) {
            case "events" -> {
                value.put("onset", columnOf(first, "onset"));
                return withSidecar(value, first);
            }
            case "physio" -> {
                return withSidecar(value, first);
            }
            case "aslcontext" -> {
                List<Object> types = columnOf(first, "volume_type");
                value.put("n_rows", (double) types.size());
                value.put("volume_type", types);
            }
            case "channels" -> {
                Map<String, List<Object>> table =
                        dataset.contents().table(first).value();
                for (String column : List.of("type", "short_channel", "sampling_frequency", "name")) {
                    value.put(column, table.containsKey(column) ? table.get(column) : Absent.UNDEFINED);
                }
            }
            case "bval", "bvec" -> {
                return gradients(value, first, name.equals("bvec"));
            }
            case "coordsystems" -> {
                return coordinateSystems(files);
            }
            default -> {
                // The path is all that rules ask for.
            }
        }
        return value;
    }

    private Object withSidecar(Map<String, Object> value, DatasetFile of) {
        Inheritance.Found found = Inheritance.sidecars(of);
        found.all().forEach(sidecar -> looked.add(sidecar.path()));
        if (!found.ambiguous().isEmpty()) {
            report(Code.MULTIPLE_INHERITABLE_FILES.at(of.path(), "sidecars of " + of.path()));
            return Absent.UNDEFINED;
        }
        value.put(
                "sidecar",
                Inheritance.metadata(found.all().stream()
                        .map(sidecar -> dataset.contents().json(sidecar).value())
                        .toList()));
        return value;
    }

    private List<Object> columnOf(DatasetFile table, String column) {
        return dataset.contents().table(table).value().getOrDefault(column, List.of());
    }

    /** Rows and columns of a table of b-values or directions; undefined if it is empty, or no table. */
    private Object gradients(Map<String, Object> value, DatasetFile table, boolean even) {
        List<List<String>> rows = new ArrayList<>();
        Content<String> text = Contents.text(table);
        text.findFault().ifPresent(fault -> report(fault, table.path()));
        text.value()
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> rows.add(List.of(line.stripTrailing().split("\\s+"))));
        if (rows.isEmpty()
                || even
                        && rows.stream()
                                .anyMatch(row -> row.size() != rows.get(0).size())) {
            return Absent.UNDEFINED;
        }
        value.put("n_cols", (double) rows.get(0).size());
        value.put("n_rows", (double) rows.size());
        value.put("values", List.<Object>copyOf(rows.get(0)));
        return value;
    }

    private Object coordinateSystems(List<DatasetFile> files) {
        List<Object> spaces = new ArrayList<>();
        List<Object> parents = new ArrayList<>();
        for (DatasetFile each : files) {
            String space = each.parts().entities().get("space");
            spaces.add(space == null ? Absent.UNDEFINED : space);
            Object parent =
                    dataset.contents().json(each).value().getOrDefault("ParentCoordinateSystem", Absent.UNDEFINED);
            if (Values.truthy(parent)) {
                parents.add(parent);
            }
        }
        return Map.of(
                "paths", files.stream().map(DatasetFile::path).toList(),
                "spaces", spaces,
                "ParentCoordinateSystems", parents);
    }

    private Map<String, List<Object>> columns() {
        boolean compressed = extension.equals(".tsv.gz");
        boolean motion = suffix.equals("motion");
        Content<Map<String, List<Object>>> content;
        if (extension.equals(".tsv") && !motion) {
            content = dataset.contents().table(file);
        } else if (compressed || motion) {
            Object headers = compressed
                    ? metadata().getOrDefault("Columns", Absent.UNDEFINED)
                    : JsonValues.object(
                                    JsonValues.object(get("associations")).getOrDefault("channels", Absent.UNDEFINED))
                            .getOrDefault("name", Absent.UNDEFINED);
            if (!(headers instanceof List<?>) || file.size() == 0) {
                return Map.of(); // Other rules find that.
            }
            content = dataset.contents().table(file, JsonValues.texts(headers), compressed);
        } else {
            return Map.of();
        }
        content.findFault().ifPresent(fault -> report(fault, file.path()));
        if (content.limit() > 0) {
            notChecked.add("%s: rows after the first %,d bytes are not read, they may not fit into the memory"
                    .formatted(file.path(), content.limit()));
        }
        return content.value();
    }

    private void readNifti() {
        Optional<Map<String, Object>> header = Optional.empty();
        try {
            header = Headers.nifti(file);
        } catch (IOException unreadable) {
            if (!file.path().endsWith("/")) { // A folder that is named like an image has no header.
                report(Code.FILE_READ.at(file.path(), String.valueOf(unreadable.getMessage())));
                return;
            }
        }
        if (header.isEmpty()) {
            report(Code.NIFTI_HEADER_UNREADABLE.at(file.path()));
        } else {
            names.put("nifti_header", header.get());
            if (header.get().get("axis_codes") == Absent.NULL) {
                report(Code.AMBIGUOUS_AFFINE.at(file.path()));
            }
        }
    }
}
