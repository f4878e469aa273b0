package org.datman.contracts.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.QcKind;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one tag at one site, study-wide settings and site overrides already merged.
 *
 * @param qcKind how its images are measured in people
 * @param phantomQcKind how they are measured in phantoms
 * @param thresholds limits by metric key
 * @param bids where its images go in the BIDS data set; null: nowhere
 * @param combine which of its series are parts of one image; null: each is one by itself
 * @param checks what a series must be once it has the tag
 */
public record TagRule(
        String tag,
        SeriesPattern pattern,
        AppliesTo appliesTo,
        List<Format> formats,
        QcKind qcKind,
        QcKind phantomQcKind,
        Expectation expectation,
        Map<String, Limits> thresholds,
        HeaderRules headerRules,
        @Nullable BidsRule bids,
        @Nullable CombineRule combine,
        List<TagCheck> checks) {

    public TagRule {
        formats = List.copyOf(formats);
        thresholds = Map.copyOf(thresholds);
        checks = List.copyOf(checks);
    }

    public Optional<BidsRule> findBids() {
        return Optional.ofNullable(bids);
    }

    public Optional<CombineRule> findCombine() {
        return Optional.ofNullable(combine);
    }

    /** The rule with another pattern. */
    TagRule withPattern(SeriesPattern other) {
        return new TagRule(
                tag,
                other,
                appliesTo,
                formats,
                qcKind,
                phantomQcKind,
                expectation,
                thresholds,
                headerRules,
                bids,
                combine,
                checks);
    }

    public QcKind qcKind(boolean phantom) {
        return phantom ? phantomQcKind : qcKind;
    }
}
