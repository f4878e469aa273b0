package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.study.PipelineRule.BidsInput;
import org.datman.contracts.study.PipelineRule.FieldMapFile;
import org.datman.contracts.study.PipelineRule.Input;
import org.datman.contracts.study.PipelineRule.Label;
import org.datman.contracts.study.PipelineRule.PairedInput;
import org.datman.contracts.study.PipelineRule.PipelineOutput;
import org.datman.contracts.study.PipelineRule.SessionLabel;
import org.datman.contracts.study.PipelineRule.TagFile;
import org.datman.contracts.tree.Section;
import org.jspecify.annotations.Nullable;

/** Reads {@code Pipelines} of a study. */
final class PipelinesReader {

    private static final Set<String> ROLES = Set.of("nii", "json", "bval", "bvec", "dcm");

    private static final String FORMS =
            "TAG, TAG.role, or one of {Tag: …}, {FieldMapFor: …}, {Paired: …}, {Pipeline: …, Output: …}, {Bids: true}, {Session: …}";

    private static final List<String> KINDS = List.of("Tag", "FieldMapFor", "Paired", "Pipeline", "Bids", "Session");

    /** Keys that say how a tool runs. */
    private static final List<String> OF_TOOLS = List.of(
            "Parameters", "Runner", "Container", "SignedBy", "Priority", "AtOnce", "Hours", "Weekends", "Defaced");

    private static final Pattern ID = Pattern.compile("\\w+");

    private final Set<String> tags;
    private final Set<String> corrected;
    private final Map<String, PairedData> paired;
    private final Map<String, String> defacing = new HashMap<>();

    private final @Nullable ZoneId zone;

    /** @param zone that of the study; null when it has none */
    private PipelinesReader(Set<String> tags, Set<String> corrected, List<PairedData> paired, @Nullable ZoneId zone) {
        this.tags = tags;
        this.corrected = corrected;
        this.paired = paired.stream().collect(Collectors.toMap(PairedData::label, Function.identity()));
        this.zone = zone;
    }

    /**
     * The rules in the order of the file.
     *
     * @param corrected tags for which another tag of the study is a field map
     * @param paired the files that the study has beside its series
     */
    static List<PipelineRule> read(
            Section study, Set<String> knownTags, Set<String> corrected, List<PairedData> paired) {
        ZoneId zone = study.parsed("TimeZone", PipelinesReader::zone, "a time zone as America/Toronto")
                .orElse(null);
        PipelinesReader reader = new PipelinesReader(knownTags, corrected, paired, zone);
        Map<String, Section> sections = study.sections("Pipelines");
        List<PipelineRule> all = new ArrayList<>();
        sections.forEach((name, in) -> all.add(reader.rule(name, in)));
        Map<String, PipelineRule> byName = new LinkedHashMap<>();
        all.forEach(rule -> byName.put(rule.name(), rule));
        sections.forEach((name, in) -> {
            PipelineRule rule = byName.get(name);
            if (rule != null) {
                requireOthers(in, rule, byName);
            }
        });
        return List.copyOf(all);
    }

    private PipelineRule rule(String name, Section in) {
        if (name.startsWith("datman:")) {
            in.fault("has a name that DATMAN's own work has", "a name that does not begin with datman:");
        }
        boolean isManual = in.has("Manual");
        String manual = in.text("Manual").orElse("");
        if (in.has("Descriptor") == isManual) {
            in.fault(
                    "Descriptor",
                    isManual ? "stands beside Manual" : "is missing",
                    "a Boutiques descriptor beside this file, as tools/tool.json; or Manual: what a person is to do");
        }
        for (String key : isManual ? OF_TOOLS : List.<String>of()) {
            if (in.has(key)) {
                in.fault(key, "stands beside Manual", "only for a tool");
            }
        }
        String descriptor = StudyReader.path(in, "Descriptor").orElse("");
        Map<String, Input> inputs = new LinkedHashMap<>();
        in.section("Inputs").ifPresent(map -> {
            for (String id : List.copyOf(map.names())) {
                input(map, id).ifPresent(i -> inputs.put(id, i));
            }
            map.done();
        });
        if (inputs.values().stream().allMatch(SessionLabel.class::isInstance)) {
            in.fault("Inputs", "names no file", "input id of the descriptor: TAG, or TAG.bval");
        }
        if (in.has("SignedBy") && in.text("Container").filter("none"::equals).isPresent()) {
            in.fault(
                    "SignedBy",
                    "is given for a tool that runs in no container",
                    "a Container: podman, docker, apptainer");
        }
        PipelineRule rule = PipelineRuleBuilder.builder()
                .name(name)
                .descriptor(isManual ? PipelineRule.MANUAL + handedOn(in, inputs) : descriptor)
                .manual(manual)
                .inputs(inputs)
                .parameters(StudyReader.parameters(in))
                .verdict(in.oneOf("Verdict", RequiredVerdict.class).orElse(RequiredVerdict.PASS))
                .sessionChecked(in.bool("SessionChecked", true))
                .signedOff(in.bool("SignedOff", false))
                .since(in.date("Since").orElse(null))
                .appliesTo(in.oneOf("AppliesTo", AppliesTo.class).orElse(AppliesTo.PEOPLE))
                .runner(in.oneOf("Runner", PipelineRule.Runner.class)
                        .orElse(isManual ? PipelineRule.Runner.LOCAL : null))
                .container(in.oneOf("Container", PipelineRule.Container.class)
                        .orElse(isManual ? PipelineRule.Container.NONE : null))
                .signedBy(StudyReader.path(in, "SignedBy").orElse(""))
                .fieldMaps(fieldMaps(in))
                .defaced(defaced(in, name, inputs))
                .schedule(schedule(in))
                .build();
        requireOneWay(in, rule);
        requireTargets(in, rule);
        if (rule.perParticipant()
                && rule.inputs().values().stream()
                        .anyMatch(input -> !(input instanceof PipelineOutput) && !(input instanceof SessionLabel))) {
            in.fault(
                    "Inputs",
                    "have outputs of all sessions, and files of one",
                    "beside Sessions: all only outputs of pipelines and names");
        }
        in.done();
        return rule;
    }

    /** The inputs of a manual step that are one file each: it has them as outputs, as they are or corrected. */
    private static String handedOn(Section in, Map<String, Input> inputs) {
        List<String> ids = new ArrayList<>();
        inputs.forEach((id, input) -> {
            if (!ID.matcher(id).matches()) {
                in.fault("Inputs", "have the id '" + id + "' in a manual step", "letters, digits and _");
            }
            if (input instanceof TagFile file && file.optional()
                    || input instanceof PairedInput paired && paired.optional()) {
                in.fault("Inputs", "have with " + id + " an optional one in a manual step", "inputs that are there");
            }
            if (input instanceof PipelineOutput
                    || input instanceof TagFile file && !file.all()
                    || input instanceof PairedInput paired && !paired.all()
                    || input instanceof FieldMapFile map && !map.all()) {
                ids.add(id);
            }
        });
        if (ids.isEmpty()) {
            in.fault("Inputs", "have no single file, which a manual step needs", "an input that is one file");
        }
        return ids.stream().sorted().collect(Collectors.joining(","));
    }

    private Set<String> fieldMaps(Section in) {
        Set<String> wanted = new TreeSet<>();
        for (String tag : in.texts("FieldMaps")) {
            if (isCorrected(in, "FieldMaps", tag)) {
                wanted.add(tag);
            }
        }
        return wanted;
    }

    private boolean isCorrected(Section in, String key, String tag) {
        if (!corrected.contains(tag)) {
            in.fault(
                    key,
                    "'" + tag + "' is no tag for which another tag of the study is a field map"
                            + Section.guess(tag, corrected),
                    "a tag that Bids.IntendedFor of a field map names");
        }
        return corrected.contains(tag);
    }

    /** A field map is that of an image which the tool gets. */
    private static void requireTargets(Section in, PipelineRule rule) {
        rule.inputs().forEach((id, input) -> {
            if (input instanceof FieldMapFile map && !rule.tags().contains(map.target())) {
                in.fault(
                        "Inputs",
                        "have in " + id + " the field map for " + map.target() + ", of which no input gets a file",
                        "an input with the tag " + map.target());
            }
        });
        if (!rule.fieldMaps().isEmpty() && !rule.needsBids()) {
            in.fault("FieldMaps", "is given for a tool that gets no BIDS dataset", "an input {Bids: true}");
        }
    }

    private PipelineSchedule schedule(Section in) {
        boolean weekends = in.bool("Weekends", false);
        if (in.has("Weekends") && !in.has("Hours")) {
            in.fault("Weekends", "stands without Hours", "Hours: 19:00-07:00 beside it");
        }
        if (in.has("Hours") && zone == null) {
            in.fault("Hours", "stands in a study without TimeZone", "TimeZone: America/Toronto at the study");
        }
        ZoneId there = zone == null ? ZoneOffset.UTC : zone;
        return new PipelineSchedule(
                in.parsed("Priority", Integer::valueOf, "a whole number").orElse(0),
                in.integer("AtOnce", 1).orElse(null),
                in.parsed("Hours", text -> OffPeak.of(text, weekends, there), OffPeak.FORM)
                        .orElse(null));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is no time zone", e);
        }
    }

    /** A tool that defaces gets one image: its output stands for that one. */
    private String defaced(Section in, String name, Map<String, Input> inputs) {
        String output = in.text("Defaced").orElse("");
        if (!in.has("Defaced")) {
            return output;
        }
        boolean oneImage = inputs.size() == 1
                && inputs.values().stream()
                        .allMatch(input -> input instanceof TagFile file
                                && file.role().equals("nii")
                                && !file.optional()
                                && !file.all());
        if (!oneImage) {
            in.fault("Defaced", "needs one input, which is an image", "Inputs: {id: TAG}");
        }
        if (name.contains(":")) {
            in.fault("Defaced", "stands in a pipeline whose name has a colon", "a name without a colon");
        }
        for (Input input : inputs.values()) {
            if (input instanceof TagFile file) {
                // Each of the two would withdraw and replace what the other made.
                String other = defacing.putIfAbsent(file.tag(), name);
                if (other != null) {
                    in.fault(
                            "Defaced",
                            "stands in two pipelines for tag " + file.tag() + ": " + other + " and " + name,
                            "one pipeline with Defaced for each tag");
                }
            }
        }
        return output;
    }

    private Optional<? extends Input> input(Section map, String id) {
        if (!map.isMapping(id)) {
            return map.text(id).flatMap(text -> file(map, id, text, false, 0));
        }
        Section in = map.section(id).orElseThrow();
        Optional<String> tag = in.text("Tag");
        Optional<String> target = in.text("FieldMapFor");
        Optional<String> data = in.text("Paired");
        boolean optional = in.bool("Optional", false);
        boolean all = in.bool("All", false);
        int atLeast = in.integer("AtLeast", 1).orElse(all ? 1 : 0);
        Optional<String> pipeline = in.text("Pipeline");
        Optional<String> output = in.text("Output");
        boolean allSessions = in.text("Sessions").isPresent();
        boolean bids = in.bool("Bids", false);
        Optional<Label> label = in.oneOf("Session", Label.class);
        List<String> kinds = KINDS.stream()
                .filter(kind -> in.has(kind) && !(kind.equals("Tag") && in.has("FieldMapFor")))
                .toList();
        if (kinds.size() != 1) {
            in.fault(kinds.isEmpty() ? "says nothing that it gets" : "says " + String.join(" and ", kinds), FORMS);
        }
        boolean several = in.has("Tag") && !in.has("FieldMapFor") || in.has("Paired");
        for (String key : several ? List.<String>of() : List.of("Optional", "All", "AtLeast")) {
            if (in.has(key)) {
                in.fault(key, "stands without Tag or Paired", "only beside Tag or Paired");
            }
        }
        if (in.has("Pipeline") && output.isEmpty()) {
            in.fault("Output", "is missing", "output id of the descriptor of that pipeline");
        }
        if (in.has("Sessions") && !in.has("Pipeline")) {
            in.fault("Sessions", "stands without Pipeline", "only beside Pipeline");
        } else if (in.text("Sessions").filter(text -> !text.equals("all")).isPresent()) {
            in.fault("Sessions", "is not all", "all");
        }
        if (in.has("Output") && !in.has("Pipeline")) {
            in.fault("Output", "stands without Pipeline", "only beside Pipeline");
        }
        data.filter(unknown -> !paired.containsKey(unknown))
                .ifPresent(unknown -> in.fault(
                        "Paired",
                        "'" + unknown + "' is no label of PairedData of the study"
                                + Section.guess(unknown, paired.keySet()),
                        "a label of PairedData"));
        data.map(paired::get)
                .filter(PairedData::isPerSubject)
                .ifPresent(of -> in.fault(
                        "Paired",
                        "'" + of.label() + "' is once of a subject (Per: subject), maybe at another session, and a tool"
                                + " gets files of its session",
                        "a label of PairedData without Per: subject"));
        if (in.has("Bids") && !bids) {
            in.fault("Bids", "is not true", "true");
        }
        in.done();
        if (target.isPresent()) {
            return fieldMap(in, target.get(), tag.orElse(""));
        }
        return tag.<Input>flatMap(text -> file(in, "Tag", text, optional, atLeast))
                .or(() -> pipeline.map(name -> new PipelineOutput(name, output.orElse(""), allSessions)))
                .or(() -> data.map(paired::get).map(of -> new PairedInput(of, optional, atLeast)))
                .or(() -> label.map(SessionLabel::new))
                .or(() -> bids ? Optional.of(new BidsInput()) : Optional.empty());
    }

    /** The role stands at the tag where there is one. */
    private Optional<FieldMapFile> fieldMap(Section in, String target, String tag) {
        if (!tag.isEmpty() && target.contains(".")) {
            in.fault(
                    "FieldMapFor",
                    "is '" + target + "' beside Tag, which says of what the file is",
                    "{FieldMapFor: " + target.substring(0, target.indexOf('.')) + ", Tag: " + tag
                            + (tag.contains(".") ? "" : target.substring(target.indexOf('.'))) + "}");
        }
        Optional<TagFile> of =
                file(in, "FieldMapFor", target, false, 0).filter(file -> isCorrected(in, "FieldMapFor", file.tag()));
        if (tag.isEmpty()) {
            return of.map(file -> new FieldMapFile(file.tag(), "", file.role()));
        }
        return file(in, "Tag", tag, false, 0)
                .flatMap(file -> of.map(image -> new FieldMapFile(image.tag(), file.tag(), file.role())));
    }

    private Optional<TagFile> file(Section map, String id, String text, boolean optional, int atLeast) {
        int dot = text.indexOf('.');
        String tag = dot < 0 ? text : text.substring(0, dot);
        String role = dot < 0 ? "nii" : text.substring(dot + 1);
        if (!tags.contains(tag)) {
            map.fault(id, "'" + tag + "' is not a tag of the study" + Section.guess(tag, tags), "a tag of the study");
            return Optional.empty();
        }
        if (!ROLES.contains(role)) {
            map.fault(id, "'" + role + "' is no file of a series", "nii, json, bval, bvec, dcm");
            return Optional.empty();
        }
        return Optional.of(new TagFile(tag, role, optional, atLeast));
    }

    /** The files of a tag are of the same images: of one or of all, and of none only together. */
    private static void requireOneWay(Section in, PipelineRule rule) {
        for (String tag : rule.tags()) {
            List<TagFile> files = rule.files(tag);
            if (files.stream()
                            .map(file -> file.optional() + " " + file.atLeast())
                            .distinct()
                            .count()
                    > 1) {
                in.fault(
                        "Inputs",
                        "have " + tag + " in different ways",
                        "the same Optional, All and AtLeast at each input of a tag");
            }
        }
    }

    private static void requireOthers(Section in, PipelineRule rule, Map<String, PipelineRule> byName) {
        for (String needed : rule.pipelines()) {
            PipelineRule other = byName.get(needed);
            if (other == null) {
                in.fault(
                        "Inputs",
                        "name the pipeline '" + needed + "', which the study does not have"
                                + Section.guess(needed, byName.keySet()),
                        "a pipeline of the study");
            } else if (other.defaces()) {
                in.fault(
                        "Inputs",
                        "name the pipeline " + needed + ", which runs once for each image",
                        "a pipeline that runs once for a session");
            } else if (other.perParticipant()
                    && rule.inputs().values().stream()
                            .anyMatch(input -> input instanceof PipelineOutput of
                                    && of.all()
                                    && of.pipeline().equals(needed))) {
                in.fault(
                        "Inputs",
                        "have Sessions: all of " + needed + ", which runs once for a participant",
                        "Sessions: all of a pipeline that runs for each session");
            } else if (reaches(other, rule.name(), byName, new HashSet<>())) {
                in.fault(
                        "Inputs",
                        "name the pipeline " + needed + ", which itself needs " + rule.name(),
                        "pipelines that do not need each other in a circle");
            }
        }
    }

    private static boolean reaches(
            PipelineRule from, String target, Map<String, PipelineRule> byName, Set<String> seen) {
        if (from.name().equals(target)) {
            return true;
        }
        return seen.add(from.name())
                && from.pipelines().stream()
                        .map(byName::get)
                        .filter(java.util.Objects::nonNull)
                        .anyMatch(next -> reaches(next, target, byName, seen));
    }
}
