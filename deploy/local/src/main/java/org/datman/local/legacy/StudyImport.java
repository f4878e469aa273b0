package org.datman.local.legacy;

import static org.datman.local.legacy.TagImport.set;
import static org.datman.local.legacy.TagImport.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.datman.local.legacy.ImportNote.Outcome;

/** Translates one study of the old installation; reads no file. */
final class StudyImport {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> SAME = List.of("FullName", "Description", "PrimaryContact", "IsOpen");

    /** Keys that the import reads, with the form that it can read; a value of another form is reported. */
    private static final Map<String, Predicate<JsonNode>> TRANSLATED = Map.ofEntries(
            Map.entry("FullName", JsonNode::isValueNode),
            Map.entry("Description", JsonNode::isValueNode),
            Map.entry("PrimaryContact", JsonNode::isValueNode),
            Map.entry("IsOpen", JsonNode::isBoolean),
            Map.entry("StudyTag", JsonNode::isValueNode),
            Map.entry("Sites", JsonNode::isObject),
            Map.entry("ExportInfo", JsonNode::isObject),
            Map.entry("ExportSettings", JsonNode::isObject),
            Map.entry("SiteTags", value -> !value.isObject()),
            Map.entry("XnatArchive", JsonNode::isValueNode),
            Map.entry("IdMap", JsonNode::isObject),
            Map.entry("IgnoreHeaderFields", value -> !value.isObject()),
            Map.entry("HeaderFieldTolerance", JsonNode::isObject),
            Map.entry("TaskRegex", JsonNode::isValueNode),
            Map.entry("UsesTechNotes", JsonNode::isBoolean));

    /** What a site may set for itself; the rest of the translated keys is the study's, also where it stood at a site. */
    private static final Set<String> OF_SITE = Set.of(
            "ExportInfo",
            "ExportSettings",
            "SiteTags",
            "XnatArchive",
            "IgnoreHeaderFields",
            "HeaderFieldTolerance",
            "UsesTechNotes");

    private static final String TECHNICAL_NOTES = "(?:tech|note).*\\.(?:pdf|png|jpe?g)$";

    private final LegacyStudy old;
    private final ObjectNode made = JSON.objectNode();
    private final List<ImportNote> notes = new ArrayList<>();

    private StudyImport(LegacyStudy old) {
        this.old = old;
    }

    /**
     * A study in today's keys.
     *
     * @param configuration content of the study file, without gold standards
     * @param notes what was changed or left out, and where it is in the old files
     */
    record Translation(String code, ObjectNode configuration, List<ImportNote> notes) {

        /** The tags of a site. */
        boolean hasTag(String site, String tag) {
            JsonNode settings = configuration.path("Sites").path(site);
            if (settings.isMissingNode()) {
                return false;
            }
            boolean without = false;
            for (JsonNode item : settings.path("WithoutTags")) {
                without |= item.asText().equals(tag);
            }
            return !without
                    && (configuration.path("Tags").has(tag)
                            || settings.path("Tags").has(tag));
        }
    }

    static Translation of(LegacyStudy old) {
        return new StudyImport(old).study();
    }

    /** Whether the import carries the key over from wherever it is. */
    static boolean isTranslated(String key) {
        return TRANSLATED.containsKey(key);
    }

    private Translation study() {
        String code = old.file().values().path("StudyTag").asText(old.nickname());
        made.put("StudyTag", code);
        if (!old.file().values().hasNonNull("StudyTag")) {
            note(
                    Outcome.CHANGED,
                    old.file().place(),
                    "StudyTag",
                    "is missing; the study's name in Projects is its code",
                    "");
        }
        for (String key : SAME) {
            readable(key).ifPresent(value -> made.set(key, value));
        }
        Map<String, ObjectNode> sites = old.sites();
        projects(sites);
        readable("IdMap").ifPresent(map -> made.set("IdMap", map));
        ObjectNode siteSettings = made.putObject("Sites");
        sites.forEach((name, site) -> {
            ObjectNode settings = siteSettings.putObject(name);
            set(settings, "SiteTags", texts(site.get("SiteTags")));
        });
        siteProjects(sites, siteSettings);
        tags(sites, siteSettings);
        headers(sites, siteSettings);
        pairedData(sites);
        untranslated(sites);
        return new Translation(code, made, List.copyOf(notes));
    }

    /** A setting of the study, if it has the form that is expected of it. */
    private Optional<JsonNode> readable(String key) {
        return old.value(key).filter(TRANSLATED.getOrDefault(key, any -> true));
    }

    private void projects(Map<String, ObjectNode> sites) {
        Set<JsonNode> archives = sites.values().stream()
                .flatMap(site -> old.value("XnatArchive", site).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (archives.size() == 1) {
            set(made, "XnatProjects", texts(archives.iterator().next()));
        }
    }

    private void siteProjects(Map<String, ObjectNode> sites, ObjectNode siteSettings) {
        sites.forEach((name, site) -> {
            Optional<JsonNode> archive = old.value("XnatArchive", site);
            if (archive.isEmpty()) {
                note(
                        Outcome.LEFT,
                        old.file().place("Sites", name),
                        "Sites." + name + ".XnatArchive",
                        "is nowhere, so no session of the site can come",
                        "add its project to XnatProjects of the site");
            } else if (!made.has("XnatProjects")) {
                set((ObjectNode) siteSettings.get(name), "XnatProjects", texts(archive.get()));
            }
        });
    }

    private void tags(Map<String, ObjectNode> sites, ObjectNode siteSettings) {
        Set<String> known = new LinkedHashSet<>();
        sites.values().forEach(site -> old.value("ExportInfo", site)
                .ifPresent(info -> info.fieldNames().forEachRemaining(known::add)));
        Map<String, Map<String, ObjectNode>> rulesByTag = new LinkedHashMap<>();
        sites.forEach((name, site) -> {
            JsonNode settings = old.value("ExportSettings", site).orElseGet(JSON::objectNode);
            JsonNode info = old.value("ExportInfo", site).orElseGet(JSON::objectNode);
            if (info.isEmpty()) {
                note(
                        Outcome.LEFT,
                        old.file().place("Sites", name),
                        "Sites." + name + ".ExportInfo",
                        "is missing or empty: the site has no tags",
                        "add them under Tags");
            }
            info.properties().forEach(entry -> {
                String place = old.file().place("Sites", name, "ExportInfo", entry.getKey());
                TagImport.rule(entry.getKey(), place, whole(settings, entry), known, notes)
                        .ifPresent(rule -> rulesByTag
                                .computeIfAbsent(entry.getKey(), any -> new LinkedHashMap<>())
                                .put(name, rule));
            });
        });
        ObjectNode tags = made.putObject("Tags");
        rulesByTag.forEach((tag, bySite) -> distribute(tag, bySite, sites.keySet(), tags, siteSettings));
    }

    private static ObjectNode whole(JsonNode settings, Map.Entry<String, JsonNode> info) {
        ObjectNode whole = JSON.objectNode();
        if (settings.get(info.getKey()) instanceof ObjectNode general) {
            whole.setAll(general);
        }
        if (info.getValue() instanceof ObjectNode specific) {
            whole.setAll(specific);
        }
        return whole;
    }

    /**
     * A tag that most sites have is the study's, with what differs at the sites; another one is the sites'. A key that not all
     * sites have is never the study's, because a site cannot take it back.
     */
    private static void distribute(
            String tag, Map<String, ObjectNode> bySite, Set<String> sites, ObjectNode tags, ObjectNode siteSettings) {
        if (bySite.size() * 2 <= sites.size()) {
            bySite.forEach((site, rule) -> siteTags(siteSettings, site).set(tag, rule));
            return;
        }
        ObjectNode common = tags.putObject(tag);
        Set<String> keys = new LinkedHashSet<>();
        bySite.values().forEach(rule -> rule.fieldNames().forEachRemaining(keys::add));
        for (String key : keys) {
            List<JsonNode> values = bySite.values().stream()
                    .filter(rule -> rule.has(key))
                    .map(rule -> rule.get(key))
                    .toList();
            if (values.size() == bySite.size()) {
                common.set(key, mostFrequent(values));
            }
            bySite.forEach((site, rule) -> {
                if (rule.has(key) && !rule.get(key).equals(common.get(key))) {
                    ObjectNode own = siteTags(siteSettings, site);
                    (own.get(tag) instanceof ObjectNode there ? there : own.putObject(tag)).set(key, rule.get(key));
                }
            });
        }
        sites.stream().filter(site -> !bySite.containsKey(site)).forEach(site -> {
            ObjectNode settings = (ObjectNode) siteSettings.get(site);
            (settings.get("WithoutTags") instanceof ArrayNode list ? list : settings.putArray("WithoutTags")).add(tag);
        });
    }

    private static ObjectNode siteTags(ObjectNode siteSettings, String site) {
        ObjectNode settings = (ObjectNode) siteSettings.get(site);
        return settings.get("Tags") instanceof ObjectNode tags ? tags : settings.putObject("Tags");
    }

    private static JsonNode mostFrequent(List<JsonNode> values) {
        Map<JsonNode, Long> counts = values.stream()
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<JsonNode, Long>comparingByValue()
                        .thenComparing(Comparator.comparing(e -> -values.indexOf(e.getKey()))))
                .orElseThrow()
                .getKey();
    }

    private void headers(Map<String, ObjectNode> sites, ObjectNode siteSettings) {
        set(
                made,
                "IgnoreHeaderFields",
                readable("IgnoreHeaderFields").map(v -> texts(v)).orElse(List.of()));
        tolerances(old.value("HeaderFieldTolerance").orElseGet(JSON::objectNode), made, "HeaderFieldTolerance");
        sites.forEach((name, site) -> {
            ObjectNode settings = (ObjectNode) siteSettings.get(name);
            set(settings, "IgnoreHeaderFields", texts(site.get("IgnoreHeaderFields")));
            tolerances(site.path("HeaderFieldTolerance"), settings, "Sites." + name + ".HeaderFieldTolerance");
        });
        if (!made.has("IgnoreHeaderFields")) {
            note(
                    Outcome.CHANGED,
                    place("IgnoreHeaderFields"),
                    "IgnoreHeaderFields",
                    "was not given, so that every field was compared; now the fields that differ between two good"
                            + " sessions are not",
                    "");
        }
    }

    private void tolerances(JsonNode given, ObjectNode target, String key) {
        given.properties().forEach(field -> {
            if (!field.getValue().isNumber()) {
                note(
                        Outcome.LEFT,
                        place("HeaderFieldTolerance", field.getKey()),
                        key + "." + field.getKey(),
                        field.getValue() + " is not a number",
                        "give a number in the unit of the sidecar");
            } else if (field.getValue().decimalValue().signum() != 0) {
                // 0 meant "no tolerance of its own"; then the usual one of the field holds.
                (target.get("HeaderFieldTolerance") instanceof ObjectNode there
                                ? there
                                : target.putObject("HeaderFieldTolerance"))
                        .set(field.getKey(), field.getValue());
            }
        });
    }

    private void pairedData(Map<String, ObjectNode> sites) {
        Optional<JsonNode> task = readable("TaskRegex");
        boolean notesExpected =
                old.value("UsesTechNotes").map(JsonNode::asBoolean).orElse(false)
                        || sites.values().stream()
                                .anyMatch(site -> site.path("UsesTechNotes").asBoolean());
        ObjectNode paired = JSON.objectNode();
        task.ifPresent(regex -> {
            PythonPattern expression = PythonPattern.of(regex.asText());
            if (expression.isValid()) {
                paired.putObject("behaviour").put("File", expression.text()).put("Count", 0);
                note(
                        Outcome.CHANGED,
                        place("TaskRegex"),
                        "TaskRegex",
                        "behavioural files are kept beside the session; none is expected, as before",
                        "give Count under PairedData.behaviour to be informed of missing ones");
            } else {
                note(Outcome.LEFT, place("TaskRegex"), "TaskRegex", expression.fault(), "write it without look-around");
            }
        });
        if (notesExpected) {
            paired.putObject("tech-notes").put("File", TECHNICAL_NOTES).put("Count", 1);
            note(
                    Outcome.CHANGED,
                    place("UsesTechNotes"),
                    "UsesTechNotes",
                    "a PDF or picture with 'tech' or 'note' in its name is expected of each session of a person, at all sites",
                    "");
        }
        if (!paired.isEmpty()) {
            made.set("PairedData", paired);
        }
    }

    private void untranslated(Map<String, ObjectNode> sites) {
        old.file().values().properties().forEach(entry -> check(entry, entry.getKey(), place(entry.getKey())));
        sites.forEach((name, site) -> site.properties().forEach(entry -> {
            String path = "Sites." + name + "." + entry.getKey();
            String place = old.file().place("Sites", name, entry.getKey());
            if (isTranslated(entry.getKey()) && !OF_SITE.contains(entry.getKey())) {
                note(Outcome.LEFT, place, path, "is a setting of the study, not of a site", "set it for the study");
            } else {
                check(entry, path, place);
            }
        }));
    }

    private void check(Map.Entry<String, JsonNode> setting, String path, String place) {
        Predicate<JsonNode> form = TRANSLATED.get(setting.getKey());
        if (form == null) {
            notes.add(UntranslatedKeys.note(setting.getKey(), path, place));
        } else if (!setting.getValue().isNull() && !form.test(setting.getValue())) {
            note(
                    Outcome.LEFT,
                    place,
                    path,
                    "is " + setting.getValue().getNodeType().name().toLowerCase(Locale.ROOT)
                            + ", which the key does not have",
                    "set it in the new file");
        }
    }

    /** Where a key of the study is, in its own file or in the main one. */
    private String place(String... keys) {
        return old.file().values().has(keys[0])
                ? old.file().place(keys)
                : old.main().values().has(keys[0])
                        ? old.main().place(keys)
                        : old.file().place();
    }

    private void note(Outcome outcome, String place, String key, String message, String action) {
        notes.add(new ImportNote(outcome, place, key, message, action));
    }
}
