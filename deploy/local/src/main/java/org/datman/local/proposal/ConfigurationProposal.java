package org.datman.local.proposal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;

/**
 * A draft of a study file from the series of some sessions: tags by description and header, or by the name where that has
 * the form of ReproIn; expected numbers by majority. Reads no file.
 *
 * @param configuration the study's keys
 * @param notes what each rule was made of and what a person must look at, one line each
 */
public record ConfigurationProposal(ObjectNode configuration, List<String> notes) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LONGEST_NOTE = 160;
    private static final int SERIES_OF_ONE_IMAGE = 3;
    private static final long PART_NUMBERS = 1000;

    /**
     * A session and its series.
     *
     * @param label its label on XNAT, or the one that it would get
     */
    public record Session(String label, List<SeriesDiscovered> series) {
        public Session {
            series = List.copyOf(series);
        }

        private Optional<DatmanId> id() {
            try {
                return Optional.of(DatmanIds.parse(label));
            } catch (NamingException none) {
                return Optional.empty();
            }
        }
    }

    public ConfigurationProposal {
        notes = List.copyOf(notes);
    }

    /**
     * The draft.
     *
     * @param study code of the study
     * @param site code of the site of sessions whose label names none
     * @param project id of the XNAT project
     */
    public static ConfigurationProposal of(String study, String site, String project, List<Session> sessions) {
        return new Draft(sessions).of(study, site, project);
    }

    /** The notes and the configuration while they are made. */
    private static final class Draft {

        private final List<Session> sessions;
        private final List<String> notes = new ArrayList<>();
        private final List<ProposedSeries> all = new ArrayList<>();

        Draft(List<Session> sessions) {
            this.sessions = sessions;
            for (int i = 0; i < sessions.size(); i++) {
                boolean phantom = sessions.get(i).id().map(DatmanId::isPhantom).orElse(false);
                for (SeriesDiscovered series : sessions.get(i).series()) {
                    all.add(new ProposedSeries(i, phantom, series, SeriesKind.of(series)));
                }
            }
        }

        ConfigurationProposal of(String study, String site, String project) {
            ObjectNode made = JSON.objectNode();
            made.put("StudyTag", study);
            made.putArray("XnatProjects").add(project);
            ObjectNode sites = made.putObject("Sites");
            Set<String> codes = new TreeSet<>();
            sessions.forEach(
                    session -> codes.add(session.id().map(DatmanId::site).orElse(site)));
            codes.forEach(sites::putObject);
            List<Variant> variants = variants();
            // Ignore precedes the tags: one rule for what the scanner computed is possible unless some of it is kept.
            boolean derivedIgnored = variants.stream()
                    .filter(variant -> variant.kind() != Kind.DERIVED)
                    .flatMap(variant -> variant.items().stream())
                    .noneMatch(item -> isDerived(item.facts()));
            List<Variant> told = variants.stream()
                    .filter(variant -> !(derivedIgnored && variant.kind() == Kind.DERIVED))
                    .toList();
            Map<String, List<Variant>> byPattern = told.stream()
                    .collect(Collectors.groupingBy(Variant::pattern, LinkedHashMap::new, Collectors.toList()));
            tags(made, told, byPattern);
            ignores(made, variants, told, byPattern, derivedIgnored);
            return new ConfigurationProposal(made, notes);
        }

        private List<Variant> variants() {
            record Same(Kind kind, String pattern) {}
            Map<Same, List<ProposedSeries>> groups = all.stream()
                    .sorted(Comparator.comparingLong(
                            item -> item.facts().seriesNumber().orElse(Long.MAX_VALUE)))
                    .collect(Collectors.groupingBy(
                            item -> new Same(item.judged().kind(), item.caselessPattern()),
                            LinkedHashMap::new,
                            Collectors.toList()));
            List<Variant> variants = new ArrayList<>();
            groups.forEach((same, items) -> {
                boolean parts = occurTogether(items, ProposedSeries::part);
                boolean norm = occurTogether(items, ProposedSeries::normalised);
                record Split(String part, boolean normalised) {}
                Map<Split, List<ProposedSeries>> split = items.stream()
                        .collect(Collectors.groupingBy(
                                item -> new Split(parts ? item.part() : "", norm && item.normalised()),
                                LinkedHashMap::new,
                                Collectors.toList()));
                split.forEach((by, ofOne) -> echoes(same.kind(), ofOne)
                        .forEach(echo -> variants.add(new Variant(
                                same.kind(),
                                same.pattern(),
                                ofOne.get(0).judged().entities(),
                                by.part(),
                                by.normalised(),
                                echo,
                                ofOne))));
            });
            return variants;
        }

        /** The echoes that need a tag each; 0 alone when one tag takes all. */
        private static Collection<Integer> echoes(Kind kind, List<ProposedSeries> items) {
            Set<Integer> echoes = new TreeSet<>();
            items.forEach(item -> echoes.addAll(item.facts().echoNumbers()));
            return kind.isKept() && echoes.size() > 1 ? echoes : Set.of(0);
        }

        /** Whether one session has series with different values. */
        private static <T> boolean occurTogether(List<ProposedSeries> items, Function<ProposedSeries, T> value) {
            Map<Integer, Set<T>> bySession = new TreeMap<>();
            items.forEach(item -> bySession
                    .computeIfAbsent(item.session(), session -> new HashSet<>())
                    .add(value.apply(item)));
            return bySession.values().stream().anyMatch(values -> values.size() > 1);
        }

        private void tags(ObjectNode made, List<Variant> told, Map<String, List<Variant>> byPattern) {
            ObjectNode tags = JSON.objectNode();
            Set<String> used = new HashSet<>();
            for (Variant variant : told) {
                if (!variant.kind().isKept()) {
                    continue;
                }
                String tag = free(variant.tag(), tags);
                ObjectNode rule = tags.putObject(tag);
                rule.set("Pattern", pattern(variant, byPattern));
                rule.put("QcType", variant.kind().qcType());
                boolean combined = combine(variant, rule);
                String counted = counts(variant, rule, combined);
                bids(variant, tag, rule, used);
                note(tag + ": " + described(variant) + ", known by "
                        + variant.items().get(0).judged().evidence() + "; " + counted);
            }
            if (!tags.isEmpty()) {
                made.set("Tags", tags);
            }
        }

        private static String free(String wanted, ObjectNode tags) {
            String tag = wanted;
            for (int i = 2; tags.has(tag); i++) {
                tag = wanted + "-" + i;
            }
            return tag;
        }

        private ObjectNode pattern(Variant variant, Map<String, List<Variant>> byPattern) {
            ObjectNode pattern = JSON.objectNode();
            pattern.put("SeriesDescription", variant.readablePattern());
            List<Variant> others = Objects.requireNonNull(byPattern.get(variant.pattern())).stream()
                    .filter(other -> !other.items().equals(variant.items()))
                    .toList();
            if (!others.isEmpty()) {
                Optional<String> value = variant.commonValues().stream()
                        .filter(one -> others.stream().noneMatch(other -> other.has(one)))
                        .findFirst();
                if (value.isPresent()) {
                    pattern.put("ImageType", "(^|\\\\)" + ProposedSeries.quoted(value.get()) + "(\\\\|$)");
                } else {
                    ArrayNode types = pattern.putArray("ImageType");
                    variant.imageTypes().forEach(type -> types.add("^" + ProposedSeries.quoted(type) + "$"));
                }
            }
            if (variant.echo() > 0) {
                pattern.put("EchoNumber", variant.echo());
            }
            return pattern;
        }

        /** Siemens XA writes each volume as a series: 5001, 5002 … of series 5. */
        private static boolean combine(Variant variant, ObjectNode rule) {
            Map<String, Long> parts = variant.items().stream()
                    .filter(item -> item.facts().seriesNumber().orElse(0L) >= PART_NUMBERS)
                    .collect(Collectors.groupingBy(Draft::image, Collectors.counting()));
            boolean combined = parts.values().stream().anyMatch(count -> count >= SERIES_OF_ONE_IMAGE);
            if (combined) {
                rule.putObject("Combine").put("SeriesNumber", "^([0-9]+)[0-9]{3}$");
            }
            return combined;
        }

        private static String image(ProposedSeries item) {
            return item.session() + "/" + item.facts().seriesNumber().orElse(0L) / PART_NUMBERS;
        }

        /** Writes the number that most sessions have, and describes the distribution. */
        private String counts(Variant variant, ObjectNode rule, boolean combined) {
            List<String> texts = new ArrayList<>();
            for (boolean phantom : new boolean[] {false, true}) {
                SortedMap<Long, Integer> distribution = distribution(variant, phantom, combined);
                if (distribution.isEmpty()) {
                    continue;
                }
                int most = distribution.values().stream()
                        .max(Comparator.naturalOrder())
                        .orElse(0);
                List<Long> majority = distribution.entrySet().stream()
                        .filter(entry -> entry.getValue() == most)
                        .map(Map.Entry::getKey)
                        .toList();
                // A number of 0 would make the series of the few sessions that have it unexpected.
                boolean given = majority.size() == 1 && majority.get(0) > 0;
                if (given) {
                    rule.put(phantom ? "PhaCount" : "Count", majority.get(0));
                }
                texts.add((phantom ? "phantoms: " : "")
                        + distribution.entrySet().stream()
                                .map(entry -> entry.getKey() + " in " + entry.getValue() + " session(s)")
                                .collect(Collectors.joining(", "))
                        + (given ? "" : ": none is expected"));
            }
            return String.join("; ", texts);
        }

        /** Number of images to number of sessions, of people or phantoms. */
        private SortedMap<Long, Integer> distribution(Variant variant, boolean phantom, boolean combined) {
            Map<Integer, Set<String>> images = new TreeMap<>();
            variant.items().stream().filter(item -> item.phantom() == phantom).forEach(item -> images.computeIfAbsent(
                            item.session(), session -> new HashSet<>())
                    .add(combined ? image(item) : item.facts().scan()));
            SortedMap<Long, Integer> distribution = new TreeMap<>();
            for (int i = 0; i < sessions.size(); i++) {
                if (sessions.get(i).id().map(DatmanId::isPhantom).orElse(false) == phantom) {
                    distribution.merge((long) images.getOrDefault(i, Set.of()).size(), 1, Integer::sum);
                }
            }
            return distribution;
        }

        private void bids(Variant variant, String tag, ObjectNode rule, Set<String> used) {
            Kind kind = variant.kind();
            if (kind == Kind.FIELD_MAP_EPI && variant.direction().isEmpty()) {
                note(tag + ": without Bids, because its description does not give the direction of phase encoding");
                return;
            }
            ObjectNode bids = rule.putObject("Bids");
            bids.put("Datatype", kind.datatype());
            bids.put(
                    "Suffix",
                    kind == Kind.FIELD_MAP_MAGNITUDE ? "magnitude" + Math.max(1, variant.echo()) : kind.suffix());
            if (kind == Kind.BOLD || kind == Kind.SBREF) {
                String task = variant.entities()
                        .getOrDefault("task", variant.tag().contains("RST") ? "rest" : variant.label());
                bids.put("Task", task);
            }
            Optional.ofNullable(variant.entities().get("acq")).ifPresent(acq -> bids.put("Acq", acq));
            if (!kind.datatype().equals("anat") && !kind.suffix().startsWith("phase")) {
                variant.direction().ifPresent(direction -> bids.put("Dir", direction));
            }
            if (variant.normalised()) {
                bids.put("Rec", "norm");
            }
            if (variant.echo() > 0 && kind != Kind.FIELD_MAP_MAGNITUDE) {
                bids.put("Echo", Integer.toString(variant.echo()));
            }
            if (variant.part().equals("P") && kind != Kind.FIELD_MAP_PHASE) {
                bids.put("Part", "phase");
            }
            if (!used.add(bids.toString()) && !variant.label().isEmpty()) {
                bids.put("Acq", variant.label());
                used.add(bids.toString());
            }
        }

        private void ignores(
                ObjectNode made,
                List<Variant> variants,
                List<Variant> told,
                Map<String, List<Variant>> byPattern,
                boolean derivedIgnored) {
            ArrayNode ignores = JSON.arrayNode();
            if (derivedIgnored && variants.stream().anyMatch(variant -> variant.kind() == Kind.DERIVED)) {
                ObjectNode rule = ignores.addObject();
                rule.putObject("Pattern").put("ImageType", "^DERIVED");
                rule.put("Reason", Kind.DERIVED.ignored());
            }
            List<Variant> withoutImage = told.stream()
                    .filter(variant -> variant.kind() == Kind.NO_IMAGE)
                    .toList();
            boolean byClass = told.stream()
                    .filter(variant -> variant.kind() != Kind.NO_IMAGE)
                    .flatMap(variant -> variant.sopClasses().stream())
                    .noneMatch(withoutImage.stream()
                            .flatMap(variant -> variant.sopClasses().stream())
                            .filter(uid -> !uid.isEmpty())
                            .collect(Collectors.toSet())::contains);
            Set<String> classes = new TreeSet<>();
            Map<Kind, Set<String>> descriptions = new LinkedHashMap<>();
            for (Variant variant : told) {
                if (variant.kind().isKept()) {
                    continue;
                }
                if (variant.kind() == Kind.UNKNOWN) {
                    note("NO RULE for " + described(variant) + ": "
                            + variant.items().get(0).judged().evidence() + "; write a tag or an Ignore for it");
                } else if (variant.kind() == Kind.NO_IMAGE
                        && byClass
                        && !variant.sopClasses().contains("")) {
                    classes.addAll(variant.sopClasses());
                } else if (Objects.requireNonNull(byPattern.get(variant.pattern()))
                                .size()
                        == 1) {
                    descriptions
                            .computeIfAbsent(variant.kind(), kind -> new LinkedHashSet<>())
                            .add(variant.readablePattern());
                } else {
                    ObjectNode rule = ignores.addObject();
                    rule.set("Pattern", pattern(variant, byPattern));
                    rule.put("Reason", variant.kind().ignored());
                }
            }
            descriptions.forEach((kind, patterns) -> {
                ObjectNode rule = ignores.addObject();
                ArrayNode alternatives = rule.putObject("Pattern").putArray("SeriesDescription");
                patterns.forEach(alternatives::add);
                rule.put("Reason", kind.ignored());
            });
            if (!classes.isEmpty()) {
                ObjectNode rule = ignores.addObject();
                rule.putObject("Pattern")
                        .putObject("Header")
                        .put(
                                "SOPClassUID",
                                classes.stream()
                                        .map(ProposedSeries::quoted)
                                        .collect(Collectors.joining("|", "^(", ")$")));
                rule.put("Reason", Kind.NO_IMAGE.ignored());
            }
            if (!ignores.isEmpty()) {
                made.set("Ignore", ignores);
            }
        }

        private static String described(Variant variant) {
            List<String> descriptions = variant.items().stream()
                    .map(item -> "'" + item.facts().description() + "'")
                    .distinct()
                    .toList();
            return variant.items().size() + " series "
                    + descriptions.get(0)
                    + (descriptions.size() > 1 ? " and " + (descriptions.size() - 1) + " more description(s)" : "");
        }

        private void note(String text) {
            // Descriptions come from outside: in a comment of a file a line break would begin content.
            String line = text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
            notes.add(line.length() <= LONGEST_NOTE ? line : line.substring(0, LONGEST_NOTE) + "…");
        }

        private static boolean isDerived(SeriesDiscovered facts) {
            return !facts.imageType().isEmpty() && facts.imageType().get(0).equalsIgnoreCase("DERIVED");
        }
    }
}
