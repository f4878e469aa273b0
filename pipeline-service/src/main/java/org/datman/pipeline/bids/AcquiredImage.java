package org.datman.pipeline.bids;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.naming.ReproIn;
import org.datman.contracts.study.BidsRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.TagRule;
import org.jspecify.annotations.Nullable;

/**
 * An image of a tagged series, whether or not files could be made of it: what was acquired decides about the numbers of runs.
 *
 * @param stem its name in the archive
 * @param description of its series; empty when it is not known
 * @param product its files; null when there are none
 * @param failedChecks what the checks of its tag found about its series, for people
 */
record AcquiredImage(
        ScanId scan,
        String stem,
        String site,
        String tag,
        String description,
        SeriesExported.@Nullable Product product,
        List<String> failedChecks) {

    /**
     * The images of a session.
     *
     * @param exports those of the session's current name
     * @param tagged the same
     */
    static List<AcquiredImage> of(List<SeriesExported> exports, List<SeriesTagged> tagged) {
        Map<String, SeriesTagged> byScan = new HashMap<>();
        tagged.forEach(tagging -> byScan.put(tagging.scan(), tagging));
        Map<String, SeriesExported> exported = new HashMap<>();
        List<AcquiredImage> images = new ArrayList<>();
        for (SeriesExported export : exports) {
            exported.put(export.scan(), export);
            SeriesTagged tagging = byScan.get(export.scan());
            for (SeriesExported.Product product : export.products()) {
                images.add(new AcquiredImage(
                        new ScanId(export.scan()),
                        product.stem(),
                        export.site(),
                        product.tag(),
                        tagging == null ? "" : tagging.description(),
                        product,
                        tagging == null ? List.of() : failedChecks(tagging, product.tag())));
            }
        }
        for (SeriesTagged tagging : tagged) {
            if (isWithoutFiles(tagging, exported) && isFirstPart(tagging, tagged, exported)) {
                tagging.assignments()
                        .forEach(assignment -> images.add(new AcquiredImage(
                                new ScanId(tagging.scan()),
                                assignment.stem(),
                                tagging.site().orElse(""),
                                assignment.tag(),
                                tagging.description(),
                                null,
                                failedChecks(tagging, assignment.tag()))));
            }
        }
        return List.copyOf(images);
    }

    private static List<String> failedChecks(SeriesTagged tagging, String tag) {
        return tagging.failedChecks().stream()
                .filter(check -> check.tag().equals(tag))
                .map(SeriesTagged.FailedCheck::text)
                .toList();
    }

    /** Whether a series has a tag, and no export yet, or one that failed. A tag that an exported series has no image of was not acquired. */
    private static boolean isWithoutFiles(SeriesTagged tagging, Map<String, SeriesExported> exported) {
        SeriesExported export = exported.get(tagging.scan());
        return tagging.decision() == SeriesTagged.Decision.TAGGED
                && (export == null
                        || (export.outcome() == SeriesExported.Outcome.FAILED
                                && export.products().isEmpty()));
    }

    /** Several series may be one image, which has the name of the first. */
    private static boolean isFirstPart(
            SeriesTagged tagging, List<SeriesTagged> tagged, Map<String, SeriesExported> exported) {
        Optional<String> common = tagging.combined();
        if (common.isEmpty()) {
            return true;
        }
        List<SeriesTagged> parts =
                tagged.stream().filter(each -> each.combined().equals(common)).toList();
        return parts.stream().allMatch(each -> isWithoutFiles(each, exported))
                && parts.stream()
                        .min(Comparator.comparing((SeriesTagged part) ->
                                        part.seriesNumber().orElse(Long.MAX_VALUE))
                                .thenComparing(SeriesTagged::scan))
                        .filter(tagging::equals)
                        .isPresent();
    }

    /** Where it goes; empty where the study file does not say. */
    Optional<BidsRule> rule(StudyConfiguration study) {
        return study.tag(site, tag)
                .flatMap(TagRule::findBids)
                .map(rule -> rule.reproIn()
                        ? ReproIn.of(description).map(rule::named).orElse(rule)
                        : rule);
    }

    /** The reason why it cannot have a name of BIDS, although its tag has a rule. */
    Optional<LeftOut> nameless(BidsRule rule) {
        return rule.needsName()
                ? Optional.of(
                        LeftOut.fault(
                                stem,
                                "no-reproin-name",
                                "The name of its series, '" + description
                                        + "', does not give what Bids of its tag reads from it: it is not as func-bold_task-rest"))
                : Optional.empty();
    }
}
