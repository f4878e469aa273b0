package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.BurnedInText;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.naming.Codes;
import org.datman.contracts.naming.IdMap;
import org.datman.contracts.naming.IdType;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.naming.SubjectRule;
import org.datman.contracts.tree.Section;
import org.datman.contracts.tree.TreeException;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.TreeReader;
import org.jspecify.annotations.Nullable;

/** Reads one study file. All faults of the file are found in one pass; a file with a fault yields no study. */
final class StudyReader {

    /** More texts than any lab has studies, twice: the folder's and the accepted ones. */
    private static final int REMEMBERED = 256;

    private static final Map<Text, Outcome> READ = new LastRead();

    private final Problems problems;
    private final String file;

    private StudyReader(String file) {
        this.file = file;
        this.problems = new Problems(file);
    }

    /** Result of reading a file: a study, or null and faults. */
    record Outcome(@Nullable StudyConfiguration study, List<ConfigurationError> errors) {

        Optional<StudyConfiguration> findStudy() {
            return Optional.ofNullable(study);
        }
    }

    /** Reads a file, or returns the cached result of the same bytes under the same name: every service checks every two seconds. */
    static Outcome read(String file, byte[] bytes) {
        String revision = Digest.of(bytes);
        Text text = new Text(file, revision);
        synchronized (READ) {
            Outcome known = READ.get(text);
            if (known != null) {
                return known;
            }
        }
        StudyReader reader = new StudyReader(file);
        StudyConfiguration study =
                reader.root(bytes).map(root -> reader.study(root, revision)).orElse(null);
        List<ConfigurationError> errors = List.copyOf(reader.problems.errors());
        Outcome outcome = new Outcome(errors.isEmpty() ? study : null, errors);
        synchronized (READ) {
            READ.put(text, outcome);
        }
        return outcome;
    }

    private record Text(String file, String revision) {}

    private static final class LastRead extends LinkedHashMap<Text, Outcome> {
        private static final long serialVersionUID = 1;

        LastRead() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Text, Outcome> eldest) {
            return size() > REMEMBERED;
        }
    }

    private Optional<TreeNode> root(byte[] bytes) {
        try {
            Optional<TreeNode> root = TreeReader.yaml(bytes);
            if (root.isEmpty()) {
                problems.add("the file is empty", "a study");
            }
            return root;
        } catch (TreeException e) {
            e.place()
                    .ifPresentOrElse(
                            place -> problems.add(place, "", e.getMessage(), e.allowed()),
                            () -> problems.add(e.getMessage(), e.allowed()));
            return Optional.empty();
        }
    }

    private StudyConfiguration study(TreeNode root, String revision) {
        Section in = new Section(root, "", problems);
        String code = code(in, "StudyTag", "study");
        Map<String, Limits> thresholds = TagReader.thresholds(in);
        HeaderRules headerRules = studyHeaderRules(in);
        List<String> projects = in.texts("XnatProjects");
        Map<String, TagRule> tags = tags(in, new HashMap<>(), thresholds, headerRules);
        List<IgnoreRule> ignore = ignore(in);
        Map<String, SiteConfiguration> sites = new LinkedHashMap<>();
        Map<String, Section> siteSections = in.sections("Sites");
        siteSections.forEach(
                (name, s) -> sites.put(name, site(in, s, name, code, projects, tags, ignore, thresholds, headerRules)));
        if (siteSections.isEmpty()) {
            in.fault("Sites", "is missing", "at least one site, as 'Sites: {CMH: {}}'");
        }
        Duration quiet = in.duration("QuietPeriod").orElse(Duration.ofMinutes(10));
        Duration cap = in.duration("SettleCap").orElse(Duration.ofHours(4));
        if (cap.compareTo(quiet) < 0) {
            in.fault("SettleCap", "is shorter than QuietPeriod", "QuietPeriod or more");
        }
        Set<String> known = knownTags(sites);
        IdMap idMap = idMap(in);
        RedcapReader.Redcap redcap = RedcapReader.read(in, idMap, StudyConfiguration.sitesByCode(sites.values()));
        List<PairedData> paired = PairedDataReader.read(in, known);
        StudyConfiguration study = new StudyConfiguration(
                code,
                file,
                revision,
                in.text("FullName", code),
                in.text("Description", ""),
                in.text("PrimaryContact", ""),
                in.bool("AutoAccept", true),
                in.bool("IsOpen", true),
                idMap,
                quiet,
                cap,
                in.oneOf("KeptDicom", KeptDicom.class).orElse(KeptDicom.BLANKED),
                in.oneOf("BurnedInText", BurnedInText.class).orElse(BurnedInText.WITHHELD),
                Map.copyOf(sites),
                paired,
                goldStandards(in, sites),
                PipelinesReader.read(in, known, corrected(sites), paired),
                visits(in),
                path(in, "VisitPlan").orElse(null),
                redcap.forms(),
                redcap.plan());
        requireDistinctCase(in, known);
        requireBidsTargets(in, sites, known);
        in.done();
        return study;
    }

    private static List<VisitRule> visits(Section study) {
        List<VisitRule> rules = new ArrayList<>();
        study.sections("Visits").forEach((timepoint, in) -> {
            TagReader.requireTimepoint(study, "Visits", timepoint);
            if (!in.has("Days")) {
                in.fault("Days", "is missing", "days after the first session of the subject, 0 or more");
            }
            int window = in.integer("Window", 0).orElse(0);
            in.integer("Days", 0).ifPresent(days -> rules.add(new VisitRule(timepoint, days, window)));
            in.done();
        });
        return List.copyOf(rules);
    }

    private static void requireCode(Section in, String key, String field, String code) {
        try {
            Codes.requireCode(field, code);
        } catch (NamingException e) {
            in.fault(key, "the " + field + " code " + e.problem(), e.allowed());
        }
    }

    private static HeaderRules studyHeaderRules(Section in) {
        HeaderRules own = TagReader.headerRules(in);
        return new HeaderRules(
                in.has("IgnoreHeaderFields") ? own.ignored() : HeaderRules.USUAL.ignored(),
                in.has("HeaderFieldTolerance") ? own.tolerances() : HeaderRules.USUAL.tolerances(),
                own.severities(),
                own.named());
    }

    private String code(Section in, String key, String field) {
        String allowed = "1 to 32 of A-Z and 0-9, for example SPN01";
        String code = in.required(key, allowed);
        if (!code.isEmpty()) {
            in.parsed(key, text -> Codes.requireCode(field, text), allowed);
        }
        return code;
    }

    private Map<String, TagRule> tags(
            Section in, Map<String, TagRule> base, Map<String, Limits> thresholds, HeaderRules headerRules) {
        Map<String, TagRule> tags = new LinkedHashMap<>(base);
        in.sections("Tags").forEach((tag, s) -> {
            if (TagReader.isTag(in.section("Tags").orElseThrow(), tag)) {
                TagRule known = base.get(tag);
                TagRule from = known == null ? TagReader.blank(tag, thresholds, headerRules) : known;
                tags.put(tag, TagReader.read(s, from, known == null));
            }
        });
        return tags;
    }

    private SiteConfiguration site(
            Section study,
            Section in,
            String name,
            String studyCode,
            List<String> studyProjects,
            Map<String, TagRule> studyTags,
            List<IgnoreRule> studyIgnore,
            Map<String, Limits> studyThresholds,
            HeaderRules studyHeaderRules) {
        requireCode(study, "Sites", "site", name);
        Map<String, Limits> thresholds = TagReader.thresholds(in);
        HeaderRules headerRules = TagReader.headerRules(in);
        Map<String, TagRule> base = new LinkedHashMap<>();
        studyTags.forEach((tag, rule) -> base.put(tag, withSite(rule, thresholds, headerRules)));
        Map<String, TagRule> tags =
                tags(in, base, Maps.plus(studyThresholds, thresholds), studyHeaderRules.plus(headerRules));
        for (String tag : in.texts("WithoutTags")) {
            if (tags.remove(tag) == null) {
                in.fault(
                        "WithoutTags",
                        "names '" + tag + "', which is no tag of the study" + Section.guess(tag, tags.keySet()),
                        "tags of the study");
            }
        }
        tags.forEach((tag, rule) -> {
            if (rule.pattern().isEmpty()) {
                in.fault(
                        "Tags." + tag,
                        "has no Pattern, here or under the study's Tags",
                        "Pattern: {SeriesDescription: '…'}, or WithoutTags: [" + tag + "]");
            }
        });
        Set<String> codes = new HashSet<>(in.texts("SiteTags"));
        codes.forEach(code -> requireCode(in, "SiteTags", "study", code));
        codes.add(studyCode);
        Set<String> projects = new HashSet<>(in.has("XnatProjects") ? in.texts("XnatProjects") : studyProjects);
        if (projects.isEmpty()) {
            study.fault(
                    "XnatProjects",
                    "is missing, and site " + name + " has none of its own",
                    "ids of XNAT projects, as [SPN01_CMH]");
        }
        List<IgnoreRule> ignore = new ArrayList<>(studyIgnore);
        ignore.addAll(ignore(in));
        in.done();
        return new SiteConfiguration(
                name, Set.copyOf(codes), Set.copyOf(projects), Map.copyOf(tags), List.copyOf(ignore));
    }

    private static TagRule withSite(TagRule r, Map<String, Limits> thresholds, HeaderRules headerRules) {
        return new TagRule(
                r.tag(),
                r.pattern(),
                r.appliesTo(),
                r.formats(),
                r.qcKind(),
                r.phantomQcKind(),
                r.expectation(),
                Maps.plus(r.thresholds(), thresholds),
                r.headerRules().plus(headerRules),
                r.bids(),
                r.combine(),
                r.checks());
    }

    private static List<IgnoreRule> ignore(Section in) {
        List<IgnoreRule> rules = new ArrayList<>();
        for (Section item : in.list("Ignore")) {
            String reason = item.required("Reason", "why these series are not wanted, in words");
            AppliesTo appliesTo = item.oneOf("AppliesTo", AppliesTo.class).orElse(AppliesTo.BOTH);
            if (!item.has("Pattern")) {
                item.fault("Pattern", "is missing", "Pattern: {SeriesDescription: '…'}");
            }
            SeriesPattern pattern =
                    item.section("Pattern").map(TagReader::pattern).orElse(SeriesPattern.NONE);
            if (!pattern.selector().equals(Selector.ALL)) {
                item.fault(
                        "Pattern",
                        "names images of a series, but a series is ignored as a whole",
                        "no EchoNumber, Part, Derived and PhaseEncodingDirection here");
            }
            item.done();
            rules.add(new IgnoreRule(pattern, appliesTo, reason));
        }
        return rules;
    }

    private static IdMap idMap(Section study) {
        Optional<Section> section = study.section("IdMap");
        if (section.isEmpty()) {
            return IdMap.NONE;
        }
        Section in = section.get();
        IdType type =
                in.parsed("IdType", StudyReader::idType, "DATMAN, KCNI, AUTO").orElse(IdType.AUTO);
        List<SubjectRule> toLocal = new ArrayList<>();
        List<SubjectRule> toKcni = new ArrayList<>();
        if (in.value("Subject")
                .filter(v -> !(v instanceof TreeNode.Sequence) && !(v instanceof TreeNode.Scalar))
                .isPresent()) {
            Section rules = in.section("Subject").orElseThrow();
            for (String forward : List.copyOf(rules.names())) {
                rules.text(forward).ifPresent(backward -> {
                    rule(rules, forward).ifPresent(toLocal::add);
                    rule(rules, backward).ifPresent(toKcni::add);
                });
            }
            rules.done();
        } else {
            for (String text : in.texts("Subject")) {
                rule(in, text).ifPresent(r -> {
                    toLocal.add(r);
                    toKcni.add(r);
                });
            }
        }
        IdMap map = new IdMap(type, codes(in, "Study"), codes(in, "Site"), toLocal, toKcni);
        in.done();
        return map;
    }

    private static IdType idType(String text) {
        return Stream.of(IdType.values())
                .filter(type -> type.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not known"));
    }

    private static Optional<SubjectRule> rule(Section in, String text) {
        try {
            return Optional.of(SubjectRule.parse(text));
        } catch (NamingException e) {
            in.fault("the rule '" + text + "' " + e.problem(), e.allowed());
            return Optional.empty();
        }
    }

    private static Map<String, String> codes(Section in, String key) {
        Map<String, String> codes = new HashMap<>();
        in.section(key).ifPresent(map -> {
            for (String foreign : List.copyOf(map.names())) {
                map.parsed(foreign, local -> Codes.requireCode(key, local), "1 to 32 of A-Z and 0-9")
                        .ifPresent(local -> codes.put(foreign, local));
            }
            map.done();
        });
        return codes;
    }

    private static List<GoldStandard> goldStandards(Section study, Map<String, SiteConfiguration> sites) {
        List<GoldStandard> all = new ArrayList<>();
        for (Section in : study.list("GoldStandards")) {
            String site = in.required("Site", "a site of the study");
            String tag = in.required("Tag", "a tag of the site");
            SiteConfiguration known = sites.get(site);
            if (known == null && !site.isEmpty()) {
                in.fault(
                        "Site",
                        "'" + site + "' is not a site of the study" + Section.guess(site, sites.keySet()),
                        sites.keySet().toString());
            } else if (known != null && !tag.isEmpty() && !known.tags().containsKey(tag)) {
                in.fault(
                        "Tag",
                        "'" + tag + "' is not a tag of " + site
                                + Section.guess(tag, known.tags().keySet()),
                        "a tag of the site");
            }
            if (!in.has("From")) {
                in.fault("From", "is missing", "the first day on which it holds, as 2026-01-31");
            }
            Optional<LocalDate> from = in.date("From");
            String path = path(in, "File").orElse(null);
            Map<String, JsonNode> parameters = parameters(in);
            boolean hasFile = path != null;
            if (hasFile == !parameters.isEmpty()) {
                in.fault("has " + (hasFile ? "both" : "neither") + " File and Parameters", "one of them");
            }
            in.done();
            from.ifPresent(day -> all.add(new GoldStandard(site, tag, day, path, parameters)));
        }
        return List.copyOf(all);
    }

    /** A path below the configuration's folder. */
    static Optional<String> path(Section in, String key) {
        return in.parsed(
                key,
                text -> {
                    boolean leaves =
                            text.startsWith("/") || List.of(text.split("/", -1)).contains("..");
                    if (leaves || text.isBlank() || text.contains("\\")) {
                        throw new IllegalArgumentException("leaves the folder of the configuration");
                    }
                    return text;
                },
                "a path relative to this file's folder, without '..'");
    }

    /** Plain values and lists of them, as JSON. */
    static Map<String, JsonNode> parameters(Section in) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        in.section("Parameters").ifPresent(map -> {
            for (String key : List.copyOf(map.names())) {
                map.value(key).flatMap(v -> json(map, key, v)).ifPresent(v -> all.put(key, v));
            }
            map.done();
        });
        return all;
    }

    private static Optional<JsonNode> json(Section in, String key, TreeNode value) {
        boolean plain = value instanceof TreeNode.Scalar;
        boolean list = value instanceof TreeNode.Sequence items
                && items.items().stream().allMatch(TreeNode.Scalar.class::isInstance);
        if (plain || list) {
            return Optional.of(value.toJson());
        }
        in.fault(key, "is neither a plain value nor a list of them", "text, a number, true, false, or a list");
        return Optional.empty();
    }

    private static Set<String> knownTags(Map<String, SiteConfiguration> sites) {
        Set<String> tags = new HashSet<>();
        sites.values().forEach(s -> tags.addAll(s.tags().keySet()));
        return tags;
    }

    /** Files of two tags that differ in case only would be the same file on some file systems. */
    private static void requireDistinctCase(Section in, Set<String> tags) {
        Map<String, String> seen = new HashMap<>();
        tags.stream().sorted().forEach(tag -> {
            String other = seen.putIfAbsent(tag.toLowerCase(java.util.Locale.ROOT), tag);
            if (other != null) {
                in.fault("Tags", "has " + other + " and " + tag + ", which differ in case only", "one of them");
            }
        });
    }

    /** The tags for which another one is a field map. */
    private static Set<String> corrected(Map<String, SiteConfiguration> sites) {
        return sites.values().stream()
                .flatMap(site -> site.tags().values().stream())
                .flatMap(rule -> rule.findBids().stream())
                .filter(bids ->
                        bids.datatype().equals("fmap") || bids.datatype().isEmpty())
                .flatMap(bids -> bids.intendedFor().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void requireBidsTargets(Section in, Map<String, SiteConfiguration> sites, Set<String> tags) {
        sites.values().stream()
                .flatMap(s -> s.tags().values().stream())
                .flatMap(rule -> rule.findBids().stream()
                        .flatMap(b -> b.intendedFor().stream())
                        .filter(target -> !tags.contains(target))
                        .map(target ->
                                rule.tag() + ".Bids.IntendedFor names '" + target + "', which is no tag of the study"))
                .distinct()
                .forEach(problem -> in.fault("Tags", problem, "tags of the study"));
    }
}
