package org.datman.qc.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.study.BidsRule;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.TagRule;
import org.datman.header.VerticalChecks;
import org.datman.header.VerticalChecks.Misfit;
import org.datman.qc.trend.History.Tagged;

/**
 * Whether series of a session that belong together by the study's BIDS rules are consistent: field maps and what they correct,
 * the two halves of an EPI field map, single-band references, echoes. Pure.
 */
final class SeriesConsistency {

    private SeriesConsistency() {}

    /** What makes series unusable together, as text. */
    static List<String> reasons(StudyConfiguration study, String site, List<Tagged> images) {
        Map<String, List<Tagged>> byTag = new TreeMap<>();
        images.forEach(image ->
                byTag.computeIfAbsent(image.tag(), tag -> new ArrayList<>()).add(image));
        List<String> reasons = new ArrayList<>();
        byTag.forEach((tag, own) -> bids(study, site, tag).ifPresent(rule -> {
            if (rule.datatype().equals("fmap")) {
                for (String target : rule.intendedFor()) {
                    pairs(
                            own,
                            byTag.getOrDefault(target, List.of()),
                            reasons,
                            (map, epi) -> VerticalChecks.fieldMapAgainstEpi(map.header(), epi.header(), false));
                }
            }
            byTag.forEach((other, theirs) -> bids(study, site, other).ifPresent(otherRule -> {
                if (halves(rule, otherRule) && tag.compareTo(other) < 0) {
                    pairs(
                            own,
                            theirs,
                            reasons,
                            (a, b) -> VerticalChecks.fieldMapAgainstEpi(a.header(), b.header(), true));
                }
                if (rule.suffix().equals("sbref")
                        && otherRule.suffix().equals("bold")
                        && rule.entities().equals(otherRule.entities())) {
                    pairs(
                            own,
                            theirs,
                            reasons,
                            (reference, bold) ->
                                    VerticalChecks.referenceAgainstBold(reference.header(), bold.header()));
                }
            }));
        }));
        echoes(study, site, byTag, reasons);
        return reasons;
    }

    private interface Check {
        List<Misfit> of(Tagged a, Tagged b);
    }

    /** With several of a kind, the one before in the session belongs to it. */
    private static void pairs(List<Tagged> maps, List<Tagged> targets, List<String> reasons, Check check) {
        for (Tagged target : targets) {
            Optional<Tagged> map = maps.stream()
                    .filter(candidate -> number(candidate) <= number(target))
                    .max(java.util.Comparator.comparingLong(SeriesConsistency::number))
                    .or(() -> maps.stream().min(java.util.Comparator.comparingLong(SeriesConsistency::number)));
            map.ifPresent(found -> check.of(found, target).stream()
                    .filter(misfit -> misfit.severity() == Severity.FLAG)
                    .forEach(misfit -> reasons.add(found.tag() + " (scan " + found.scan() + ") does not fit "
                            + target.tag() + " (scan " + target.scan() + "): " + misfit.message())));
        }
    }

    private static void echoes(
            StudyConfiguration study, String site, Map<String, List<Tagged>> byTag, List<String> reasons) {
        Map<String, List<Tagged>> groups = new TreeMap<>();
        byTag.forEach((tag, images) -> bids(study, site, tag)
                .filter(rule ->
                        rule.datatype().equals("func") && rule.entities().containsKey("echo"))
                .ifPresent(rule -> {
                    Map<String, String> others = new TreeMap<>(rule.entities());
                    others.remove("echo");
                    images.forEach(image -> groups.computeIfAbsent(
                                    image.scan() + " " + rule.suffix() + others, key -> new ArrayList<>())
                            .add(image));
                }));
        groups.values().stream()
                .filter(group -> group.size() > 1)
                .forEach(group -> VerticalChecks.echoes(
                                group.stream().map(Tagged::header).toList(), List.of())
                        .stream()
                        .filter(misfit -> misfit.severity() == Severity.FLAG)
                        .forEach(misfit -> reasons.add("The echoes of scan "
                                + group.get(0).scan() + " do not fit each other: " + misfit.message())));
    }

    /** The two directions of an EPI field map for the same images. */
    private static boolean halves(BidsRule a, BidsRule b) {
        if (!a.datatype().equals("fmap")
                || !a.suffix().equals("epi")
                || !b.suffix().equals("epi")) {
            return false;
        }
        Map<String, String> first = new TreeMap<>(a.entities());
        Map<String, String> second = new TreeMap<>(b.entities());
        boolean directions = first.containsKey("dir") && !first.get("dir").equals(second.get("dir"));
        first.remove("dir");
        second.remove("dir");
        return directions && first.equals(second) && a.intendedFor().equals(b.intendedFor());
    }

    private static Optional<BidsRule> bids(StudyConfiguration study, String site, String tag) {
        return study.tag(site, tag).flatMap(TagRule::findBids);
    }

    private static long number(Tagged image) {
        return image.scan().number().orElse(Long.MAX_VALUE);
    }
}
