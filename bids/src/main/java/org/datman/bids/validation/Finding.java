package org.datman.bids.validation;

import java.util.Comparator;

/**
 * Something in a dataset that is not as BIDS wants it.
 *
 * @param code of the official validator: {@code SIDECAR_KEY_REQUIRED}
 * @param subCode the field or column it is about; may be empty
 * @param location path in the dataset: {@code /sub-01/anat/sub-01_T1w.nii.gz}; empty if the whole dataset is meant
 * @param rule where the rule is in the schema; empty for rules outside of it
 * @param line in the file, from 1; 0 if the whole file is meant
 * @param message what is wrong
 * @param suggestion what the standard says about it; may be empty
 */
public record Finding(
        String code,
        String subCode,
        FindingSeverity severity,
        String location,
        String rule,
        int line,
        String message,
        String suggestion) {

    /** Errors first, then by code and place. */
    public static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::code)
            .thenComparing(Finding::location)
            .thenComparing(Finding::subCode)
            .thenComparing(Finding::line)
            .thenComparing(Finding::message)
            .thenComparing(Finding::rule)
            .thenComparing(Finding::suggestion);
}
