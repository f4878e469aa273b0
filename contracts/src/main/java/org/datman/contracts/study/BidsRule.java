package org.datman.contracts.study;

import java.util.List;
import java.util.Map;

/**
 * Where the images of a tag go in the BIDS data set.
 *
 * @param datatype {@code anat func dwi fmap perf}
 * @param suffix for example {@code T1w}
 * @param entities BIDS entity key ({@code task acq ce dir rec echo part}) to label
 * @param intendedFor tags whose images this field map corrects
 */
public record BidsRule(String datatype, String suffix, Map<String, String> entities, List<String> intendedFor) {
    public BidsRule {
        entities = Map.copyOf(entities);
        intendedFor = List.copyOf(intendedFor);
    }
}
