package org.datman.bids.validation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What validation of a dataset found.
 *
 * @param schemaVersion of the schema that was applied
 * @param bidsVersion of the specification it belongs to
 * @param findings in {@link Finding#ORDER}
 * @param files how many files and folders were looked at
 * @param notChecked what no rule of this program looks at although the dataset has it
 */
public record ValidationReport(
        String schemaVersion, String bidsVersion, List<Finding> findings, int files, List<String> notChecked) {

    public boolean hasErrors() {
        return findings.stream().anyMatch(finding -> finding.severity() == FindingSeverity.ERROR);
    }

    /** Findings by severity and code. */
    public Map<FindingSeverity, Map<String, List<Finding>>> byCode() {
        return findings.stream()
                .collect(Collectors.groupingBy(
                        Finding::severity,
                        TreeMap::new,
                        Collectors.groupingBy(Finding::code, TreeMap::new, Collectors.toList())));
    }
}
