package org.datman.bids.validation;

import java.util.List;

/**
 * What is otherwise since the validation before.
 *
 * @param appeared findings that were not there, in {@link Finding#ORDER}
 * @param gone findings that are there no more, in the same order
 * @param files how many files and folders were looked at
 */
public record DatasetChange(List<Finding> appeared, List<Finding> gone, int files) {}
