package org.datman.local.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.local.legacy.ImportNote.Outcome;

/** A tag of one site: {@code ExportSettings} of the main file with the site's {@code ExportInfo} over it. */
final class TagImport {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, String> KINDS =
            Map.of("anat", "anat", "fmri", "bold", "dti", "dwi", "dmap_dmri", "fmap", "dmap_fmri", "fmap");

    /** What the old DATMAN ran for phantoms of each kind when the tag did not choose by QcPha. */
    private static final Map<String, String> PHANTOM_KINDS = Map.of(
            "anat", "adni", "fmri", "fbirn", "dti", "dti-phantom", "qa_dti", "dti-phantom", "abcd_fmri", "fbirn");

    private static final Pattern FIELD_MAP = Pattern.compile("(?i)^(MAG|PHASE|B0|FM-|FMAP|DMRI-D|FMRI-D)|FIELD|FMAP");
    private static final Set<String> KEYS =
            Set.of("Pattern", "QcType", "QcPha", "Formats", "Count", "PhaCount", "Bids", "Order");
    private static final Set<String> PATTERN_KEYS = Set.of("SeriesDescription", "XnatType", "ImageType", "EchoNumber");
    private static final Map<String, String> ENTITIES =
            Map.of("task", "Task", "acq", "Acq", "ce", "Ce", "dir", "Dir", "rec", "Rec", "echo", "Echo");
    private static final Set<String> BIDS_KEYS = Set.of("class", "modality_label", "contrast_label", "intended_for");

    private final String tag;
    private final String place;
    private final ObjectNode old;
    private final List<ImportNote> notes;
    private final Set<String> knownTags;

    private TagImport(String tag, String place, ObjectNode old, Set<String> knownTags, List<ImportNote> notes) {
        this.tag = tag;
        this.place = place;
        this.old = old;
        this.knownTags = knownTags;
        this.notes = notes;
    }

    /**
     * The rule of today.
     *
     * @param notes receives what changed or has no place
     * @return empty when no valid rule results
     */
    static Optional<ObjectNode> rule(
            String tag, String place, ObjectNode old, Set<String> knownTags, List<ImportNote> notes) {
        return new TagImport(tag, place, old, knownTags, notes).rule();
    }

    private Optional<ObjectNode> rule() {
        Optional<ObjectNode> pattern = pattern();
        if (pattern.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode rule = JSON.objectNode();
        rule.set("Pattern", pattern.get());
        if (!kinds(rule)) {
            return Optional.empty();
        }
        formats(rule);
        count(rule, "Count");
        count(rule, "PhaCount");
        bids(rule);
        if (old.has("Order")) {
            left("Order", "decided between series of equal patterns", "give each tag a pattern of its own");
        }
        unknown(old, "", KEYS);
        return Optional.of(rule);
    }

    private Optional<ObjectNode> pattern() {
        JsonNode given = old.path("Pattern");
        ObjectNode pattern = JSON.objectNode();
        // Until 2019 the pattern was the description's alone.
        JsonNode fields =
                given.isTextual() || given.isArray() ? JSON.objectNode().set("SeriesDescription", given) : given;
        boolean valid = true;
        for (String key : List.of("SeriesDescription", "XnatType", "ImageType")) {
            List<String> texts = new ArrayList<>();
            for (String python : texts(fields.get(key))) {
                PythonPattern expression = PythonPattern.of(python);
                if (!expression.isValid()) {
                    left(
                            "Pattern." + key,
                            "'" + python + "' is not possible in RE2, which has no look-around and no back-references ("
                                    + expression.fault() + "), so the tag is left out",
                            "write the pattern without it, and add the tag");
                    valid = false;
                } else if (!expression.text().equals(python)) {
                    changed("Pattern." + key, "'" + python + "' is '" + expression.text() + "' in RE2", "");
                }
                texts.add(expression.text());
            }
            set(pattern, key, texts);
        }
        JsonNode echo = fields.path("EchoNumber");
        if (echo.asText("").matches("[0-9]+")) {
            pattern.put("EchoNumber", Integer.parseInt(echo.asText()));
        } else if (!echo.isMissingNode() && !echo.isNull()) {
            left("Pattern.EchoNumber", echo + " is no number, so the tag is left out", "give one echo to each tag");
            valid = false;
        }
        if (fields.has("ImageType")) {
            changed(
                    "Pattern.ImageType",
                    "decided only when several tags matched; now every series of the tag must match it",
                    "try it on sessions with ./datman try");
        }
        unknown(fields, "Pattern.", PATTERN_KEYS);
        if (valid && !pattern.has("SeriesDescription") && !pattern.has("XnatType")) {
            left(
                    "Pattern",
                    "has neither SeriesDescription nor XnatType, so the tag is left out",
                    "add the tag with a pattern");
            valid = false;
        }
        return valid ? Optional.of(pattern) : Optional.empty();
    }

    private boolean kinds(ObjectNode rule) {
        String kind = old.path("QcType").asText("");
        String phantom = old.path("QcPha").asText("default");
        if (kind.isEmpty()) {
            left(
                    "QcType",
                    "is missing in ExportSettings and ExportInfo, so the tag is left out",
                    "add the tag with its QcType");
            return false;
        }
        if (kind.equals("ignore")) {
            rule.put("QcType", FIELD_MAP.matcher(tag).find() ? "fmap" : "ignore");
            if (FIELD_MAP.matcher(tag).find()) {
                changed("QcType", "was ignore; by its name it is a field map, which is measured as fmap", "");
            }
        } else if (KINDS.containsKey(kind)) {
            rule.put("QcType", KINDS.get(kind));
        } else {
            rule.put("QcType", "ignore");
            changed(
                    "QcType",
                    "'" + kind + "' is not known; its images are not measured",
                    "choose a kind of docs/study-configuration.md");
        }
        String phantomKind = PHANTOM_KINDS.get(phantom.equals("default") ? kind : phantom);
        if (phantomKind != null) {
            rule.put("QcPha", phantomKind);
        } else if (!phantom.equals("default")) {
            changed(
                    "QcPha",
                    "'" + phantom + "' is not known; phantoms are measured as people",
                    "choose a kind of docs/study-configuration.md");
        }
        return true;
    }

    private void formats(ObjectNode rule) {
        Set<String> formats = new TreeSet<>(texts(old.get("Formats")));
        List<String> known =
                formats.stream().filter(f -> f.equals("nii") || f.equals("dcm")).toList();
        if (known.size() == 1) {
            set(rule, "Formats", known);
        }
        formats.removeAll(known);
        if (!formats.isEmpty()) {
            changed(
                    "Formats",
                    formats + " are not written; the NIfTI and one DICOM are",
                    "convert the NIfTI for programs that cannot read it");
        }
    }

    private void count(ObjectNode rule, String key) {
        JsonNode count = old.path(key);
        if (count.isIntegralNumber()
                || count.isNumber() && count.decimalValue().stripTrailingZeros().scale() <= 0) {
            rule.put(key, count.intValue());
        } else if (!count.isMissingNode() && !count.isNull()) {
            left(key, count + " is not a whole number", "give a number, or leave it out where any number is right");
        }
    }

    private void bids(ObjectNode rule) {
        JsonNode bids = old.path("Bids");
        if (bids.isMissingNode() || bids.isNull()) {
            return;
        }
        if (!bids.has("class")) {
            left(
                    "Bids",
                    "chose among the files of dcm2bids by their sidecars; DATMAN writes the BIDS names itself",
                    "give Datatype, Suffix and entities under Bids of the tag");
            return;
        }
        ObjectNode made = JSON.objectNode();
        made.put("Datatype", bids.path("class").asText());
        made.put(
                "Suffix",
                bids.path("modality_label").asText(bids.path("contrast_label").asText("")));
        ENTITIES.forEach((from, to) -> {
            if (bids.hasNonNull(from)) {
                made.put(to, bids.get(from).asText());
            }
        });
        List<String> targets = texts(bids.get("intended_for"));
        List<String> known = targets.stream().filter(knownTags::contains).toList();
        set(made, "IntendedFor", known);
        if (known.size() < targets.size()) {
            left("Bids.intended_for", targets + " names tags that no site has", "add them, or leave them out");
        }
        Set<String> carried = new TreeSet<>(ENTITIES.keySet());
        carried.addAll(BIDS_KEYS);
        unknown(bids, "Bids.", carried);
        if (made.path("Suffix").asText().isEmpty()
                || made.path("Datatype").asText().equals("func") && !made.has("Task")) {
            left("Bids", "has no suffix, or is functional without a task; BIDS requires both", "give Bids of the tag");
            return;
        }
        rule.set("Bids", made);
    }

    private void unknown(JsonNode object, String path, Set<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                left(path + key, "has no counterpart", "see docs/study-configuration.md for what a tag may have");
            }
        });
    }

    /** One text, or several; none when the value is absent. */
    static List<String> texts(@org.jspecify.annotations.Nullable JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof ArrayNode several) {
            several.forEach(item -> texts.add(item.asText()));
        } else if (value != null && value.isValueNode() && !value.isNull()) {
            texts.add(value.asText());
        }
        return texts;
    }

    /** One text is written as such, several as a list, none not at all. */
    static void set(ObjectNode object, String key, List<String> texts) {
        if (texts.size() == 1) {
            object.put(key, texts.get(0));
        } else if (!texts.isEmpty()) {
            ArrayNode list = object.putArray(key);
            texts.forEach(list::add);
        }
    }

    private void left(String key, String message, String action) {
        note(Outcome.LEFT, key, message, action);
    }

    private void changed(String key, String message, String action) {
        note(Outcome.CHANGED, key, message, action);
    }

    private void note(Outcome outcome, String key, String message, String action) {
        notes.add(new ImportNote(outcome, place, tag + "." + key, message, action));
    }
}
