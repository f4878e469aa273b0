package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.naming.Codes;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.tree.Section;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.Words;

/** Reads the rules of one tag, on top of its inherited rules. */
final class TagReader {

    private static final Set<String> DATATYPES = Set.of("anat", "func", "dwi", "fmap", "perf");
    private static final Set<QcKind> QC_KINDS = EnumSet.complementOf(EnumSet.of(QcKind.OTHER));
    private static final List<String> ENTITIES = List.of("Task", "Acq", "Ce", "Dir", "Rec", "Echo", "Part");
    /** In {@code aslcontext.tsv}. */
    private static final List<String> VOLUME_TYPES =
            List.of("cbf", "control", "deltam", "label", "m0scan", "n/a", "noRF");

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]+");
    /** BIDS 1.10.1 and later have a plus in labels; a suffix has none. */
    private static final Pattern ENTITY = Pattern.compile("[A-Za-z0-9+]+");

    private TagReader() {}

    /** A tag with only the settings of the study. */
    static TagRule blank(String tag, Map<String, Limits> thresholds, HeaderRules headerRules) {
        return new TagRule(
                tag,
                SeriesPattern.NONE,
                AppliesTo.BOTH,
                List.of(Format.NII, Format.DCM),
                QcKind.IGNORE,
                QcKind.IGNORE,
                Expectation.ANY,
                thresholds,
                headerRules,
                null,
                null,
                List.of());
    }

    /**
     * The rule that results from a mapping on top of a rule.
     *
     * @param first whether this is the first definition of the tag, so that {@code QcType} must be there
     */
    static TagRule read(Section in, TagRule base, boolean first) {
        SeriesPattern pattern = in.section("Pattern").map(TagReader::pattern).orElse(base.pattern());
        AppliesTo appliesTo = in.oneOf("AppliesTo", AppliesTo.class).orElse(base.appliesTo());
        List<Format> formats = in.has("Formats") ? in.severalOf("Formats", Format.class) : base.formats();
        QcKind kind = qcKind(in, base, first);
        QcKind phantomKind = in.oneOf("QcPha", QC_KINDS)
                .orElse(in.has("QcType") && base.phantomQcKind() == base.qcKind() ? kind : base.phantomQcKind());
        Expectation expectation = new Expectation(
                in.has("Count") ? counts(in, "Count") : base.expectation().people(),
                in.has("PhaCount") ? counts(in, "PhaCount") : base.expectation().phantoms());
        TagRule rule = new TagRule(
                base.tag(),
                pattern,
                appliesTo,
                formats,
                kind,
                phantomKind,
                expectation,
                Maps.plus(base.thresholds(), thresholds(in)),
                base.headerRules().plus(headerRules(in)),
                in.section("Bids").map(TagReader::bids).orElse(base.bids()),
                in.has("Combine")
                        ? in.section("Combine").flatMap(TagReader::combine).orElse(null)
                        : base.combine(),
                in.has("Checks")
                        ? in.list("Checks").stream().map(TagReader::check).toList()
                        : base.checks());
        in.done();
        return rule;
    }

    private static QcKind qcKind(Section in, TagRule base, boolean first) {
        if (first && !in.has("QcType")) {
            in.fault("QcType", "is missing", "anat, bold, dwi, fbirn, adni, dti-phantom, acr, fmap, ignore");
        }
        return in.oneOf("QcType", QC_KINDS).orElse(base.qcKind());
    }

    private static TagCheck check(Section in) {
        List<SeriesClause> clauses = clauses(in);
        if (!in.has("Action")) {
            in.fault("Action", "is missing", "warn, exclude");
        }
        TagCheck check = new TagCheck(
                clauses,
                in.oneOf("Action", TagCheck.Action.class).orElse(TagCheck.Action.WARN),
                in.required("Message", "what is wrong with a series that fails the check"));
        in.done();
        if (clauses.isEmpty()) {
            in.fault(
                    "has no condition",
                    "at least one of SeriesDescription, XnatType, Modality, Quality, ImageType, Header");
        }
        return check;
    }

    private static Optional<CombineRule> combine(Section in) {
        List<Pattern> numbers = in.patterns("SeriesNumber", 0);
        List<SeriesClause> only = clauses(in);
        in.done();
        if (numbers.size() != 1 || numbers.get(0).groupCount() != 1) {
            in.fault(
                    "SeriesNumber",
                    "does not define what the series of one image have in common",
                    "one pattern with one group, as '^([0-9]+)[0-9]{3}$'");
            return Optional.empty();
        }
        return Optional.of(new CombineRule(numbers.get(0), only));
    }

    static SeriesPattern pattern(Section in) {
        List<SeriesClause> clauses = clauses(in);
        Selector selector = new Selector(
                in.integer("EchoNumber", 0).orElse(null),
                in.oneOf("Part", Part.class).orElse(null),
                in.bool("Derived", false),
                in.parsed("PhaseEncodingDirection", TagReader::direction, "i, i-, j, j-, k, k-")
                        .orElse(null));
        in.done();
        if (clauses.isEmpty()) {
            in.fault(
                    "has no condition",
                    "at least one of SeriesDescription, XnatType, Modality, Quality, ImageType, Header");
        }
        return new SeriesPattern(clauses, selector);
    }

    private static String direction(String text) {
        if (!text.matches("[ijk]-?")) {
            throw new IllegalArgumentException("is no phase-encoding direction");
        }
        return text;
    }

    private static List<SeriesClause> clauses(Section in) {
        List<SeriesClause> clauses = new ArrayList<>();
        for (String field : List.of("SeriesDescription", "XnatType", "Modality", "Quality")) {
            addClause(clauses, field, in.patterns(field, Pattern.CASE_INSENSITIVE));
        }
        addClause(clauses, TextClause.IMAGE_TYPE, in.patterns(TextClause.IMAGE_TYPE, 0));
        in.section("Header").ifPresent(header -> {
            for (String keyword : List.copyOf(header.names())) {
                Optional<HeaderKeywords.Refusal> refusal = HeaderKeywords.refusal(keyword);
                refusal.ifPresent(r -> header.fault(keyword, r.problem(), r.allowed()));
                if (header.isMapping(keyword)) {
                    range(header, keyword, refusal.isEmpty()).ifPresent(clauses::add);
                } else {
                    addClause(clauses, SeriesClause.HEADER + keyword, header.patterns(keyword, 0));
                }
            }
            header.done();
        });
        return clauses;
    }

    /** The limits of an element's numbers. */
    private static Optional<SeriesClause> range(Section header, String keyword, boolean isAllowed) {
        Section in = header.section(keyword).orElseThrow();
        double min = in.number("Min").orElse(Double.NEGATIVE_INFINITY);
        double max = in.number("Max").orElse(Double.POSITIVE_INFINITY);
        in.done();
        if (isAllowed && !HeaderKeywords.isNumeric(keyword)) {
            header.fault(keyword, "is a text in DICOM and has no range", "a pattern, or a list of patterns");
        } else if (!in.has("Min") && !in.has("Max")) {
            in.fault("has no limit", "Min, Max or both, in the unit of DICOM");
        } else if (min > max) {
            in.fault("Max", "is less than Min", "Min or more");
        }
        return Optional.of(new RangeClause(SeriesClause.HEADER + keyword, min, max));
    }

    private static void addClause(List<SeriesClause> clauses, String field, List<Pattern> patterns) {
        if (!patterns.isEmpty()) {
            clauses.add(new TextClause(field, patterns));
        }
    }

    private static List<CountRule> counts(Section in, String key) {
        if (!in.holds(key, TreeNode.Mapping.class)) {
            List<Integer> accepted = in.integers(key, 0);
            return accepted.isEmpty() ? List.of() : List.of(new CountRule(null, null, List.of(), accepted));
        }
        List<CountRule> rules = new ArrayList<>();
        for (Section item : in.list(key)) {
            countRule(item, key).ifPresent(rule -> {
                rules.stream()
                        .filter(rule::overlaps)
                        .findFirst()
                        .ifPresent(other -> item.fault(
                                "overlaps with the entry for " + described(other),
                                "of the entries that name a timepoint, and of those that name none, one per day; To is"
                                        + " included"));
                rules.add(rule);
            });
        }
        return rules;
    }

    private static String described(CountRule rule) {
        return rule.condition().isEmpty() ? "all sessions" : rule.condition();
    }

    private static Optional<CountRule> countRule(Section item, String key) {
        List<Integer> accepted = item.integers("Count", 0);
        if (!item.has("Count")) {
            item.fault("Count", "is missing", "a whole number, 0 or more");
        }
        LocalDate from = item.date("From").orElse(null);
        LocalDate to = item.date("To").orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            item.fault("To", "is before From", "a day on or after From");
        }
        List<String> timepoints = item.texts("Timepoints");
        timepoints.forEach(timepoint -> requireTimepoint(item, "Timepoints", timepoint));
        if (key.equals("PhaCount") && !timepoints.isEmpty()) {
            item.fault("Timepoints", "is given for phantoms, which have no timepoint", "From and To");
        }
        item.done();
        return accepted.isEmpty() ? Optional.empty() : Optional.of(new CountRule(from, to, timepoints, accepted));
    }

    static void requireTimepoint(Section in, String key, String timepoint) {
        try {
            Codes.requireCode("timepoint", timepoint);
        } catch (NamingException e) {
            in.fault(key, "'" + timepoint + "' " + e.problem(), "timepoints of identifiers, as ['01', '02']");
        }
    }

    static Map<String, Limits> thresholds(Section in) {
        Map<String, Limits> limits = new HashMap<>();
        in.sections("Thresholds").forEach((metric, s) -> {
            Limits l = new Limits(
                    s.number("WarnBelow"), s.number("WarnAbove"), s.number("FlagBelow"), s.number("FlagAbove"));
            s.done();
            if (MetricCatalogue.find(metric).isEmpty()) {
                s.fault(
                        "'" + metric + "' is no metric"
                                + Words.nearest(metric, MetricCatalogue.keys())
                                        .map(best -> " (did you mean " + best + "?)")
                                        .orElse(""),
                        "a key of docs/qc-agreement.md, or one of a time course with an ending such as _mean or _max");
            } else if (ordered(l.flagBelow(), l.warnBelow()) && ordered(l.warnAbove(), l.flagAbove())) {
                limits.put(metric, l);
            } else {
                s.fault(
                        "flags values that are better than those it warns of",
                        "FlagBelow <= WarnBelow, WarnAbove <= FlagAbove");
            }
        });
        return limits;
    }

    private static boolean ordered(java.util.OptionalDouble low, java.util.OptionalDouble high) {
        return low.isEmpty() || high.isEmpty() || low.getAsDouble() <= high.getAsDouble();
    }

    static HeaderRules headerRules(Section in) {
        Map<String, Tolerance> tolerances = new HashMap<>();
        in.section("HeaderFieldTolerance").ifPresent(all -> {
            for (String field : List.copyOf(all.names())) {
                tolerance(all, field).ifPresent(t -> tolerances.put(field, t));
            }
            all.done();
        });
        Map<String, Severity> severities = new HashMap<>();
        in.section("HeaderFieldSeverity").ifPresent(all -> {
            for (String field : List.copyOf(all.names())) {
                all.oneOf(field, Severity.class).ifPresent(s -> severities.put(field, s));
            }
            all.done();
        });
        return new HeaderRules(new HashSet<>(in.texts("IgnoreHeaderFields")), tolerances, severities);
    }

    private static Optional<Tolerance> tolerance(Section all, String field) {
        Tolerance tolerance;
        if (all.isStructured(field)) {
            Section s = all.section(field).orElseThrow();
            tolerance = new Tolerance(
                    s.number("Absolute").orElse(0), s.number("Relative").orElse(0));
            s.done();
        } else {
            tolerance = new Tolerance(all.number(field).orElse(0), 0);
        }
        if (tolerance.absolute() < 0 || tolerance.relative() < 0) {
            all.fault(field, "is negative", "0 or more");
            return Optional.empty();
        }
        return Optional.of(tolerance);
    }

    private static BidsRule bids(Section in) {
        boolean reproIn = in.bool("ReproIn", false);
        String datatype = reproIn ? in.text("Datatype", "") : in.required("Datatype", "anat, func, dwi, fmap, perf");
        if (!datatype.isEmpty() && !DATATYPES.contains(datatype)) {
            in.fault("Datatype", "'" + datatype + "' is not known", "anat, func, dwi, fmap, perf");
        }
        String suffix = reproIn ? in.text("Suffix", "") : in.required("Suffix", "letters and digits, for example T1w");
        requireLabel(in, "Suffix", suffix, LABEL, "letters and digits");
        Map<String, String> entities = new HashMap<>();
        for (String entity : ENTITIES) {
            in.text(entity).ifPresent(label -> {
                requireLabel(in, entity, label, ENTITY, "letters, digits and +");
                entities.put(entity.toLowerCase(Locale.ROOT), label);
            });
        }
        if (!reproIn && datatype.equals("func") && !entities.containsKey("task")) {
            in.fault("Task", "is missing", "letters and digits; BIDS requires a task for all of func");
        }
        List<String> aslContext = in.texts("AslContext");
        if (!VOLUME_TYPES.containsAll(aslContext)) {
            in.fault("AslContext", "has a type of volume that BIDS does not know", String.join(", ", VOLUME_TYPES));
        } else if (!aslContext.isEmpty() && !suffix.isEmpty() && !suffix.equals("asl")) {
            in.fault("AslContext", "is given for " + suffix, "only with Suffix asl");
        }
        BidsRule rule = new BidsRule(
                datatype,
                suffix,
                entities,
                in.texts("IntendedFor"),
                reproIn,
                aslContext,
                in.section("Metadata").map(BidsFields::read).orElse(Map.of()),
                in.section("Events").flatMap(TagReader::events).orElse(null));
        in.done();
        return rule;
    }

    private static Optional<EventsRule> events(Section in) {
        List<Pattern> files = in.patterns("File", Pattern.CASE_INSENSITIVE);
        List<Pattern> folders = in.patterns("Folder", Pattern.CASE_INSENSITIVE);
        EventsRule.Delimiter delimiter =
                in.oneOf("Delimiter", EventsRule.Delimiter.class).orElse(null);
        EventsRule.Unit unit = in.oneOf("Unit", EventsRule.Unit.class).orElse(EventsRule.Unit.S);
        String onset = in.text("Onset", "onset");
        String duration = in.text("Duration", "duration");
        String offset = in.text("Offset", "");
        List<String> columns = in.texts("Columns");
        in.done();
        if (files.size() != 1 || files.get(0).groupCount() > 1) {
            in.fault(
                    "File",
                    files.isEmpty() ? "is missing" : "is not one pattern with at most one group",
                    "one regular expression, with the number of the run as its group: 'faces_run([0-9]+)'");
            return Optional.empty();
        }
        return Optional.of(new EventsRule(
                files.get(0),
                folders.isEmpty() ? null : folders.get(0),
                delimiter,
                onset,
                duration,
                unit,
                offset,
                columns));
    }

    private static void requireLabel(Section in, String key, String label, Pattern form, String allowed) {
        if (!label.isEmpty() && !form.matches(label)) {
            in.fault(key, "'" + label + "' is not a BIDS label", allowed);
        }
    }

    /** Whether the name can be a tag; the fault is noted when it cannot. */
    static boolean isTag(Section in, String tag) {
        try {
            Codes.requireTag(tag);
            return true;
        } catch (NamingException e) {
            in.fault(tag, e.problem(), e.allowed());
            return false;
        }
    }
}
