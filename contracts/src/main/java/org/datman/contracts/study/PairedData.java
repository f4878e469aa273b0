package org.datman.contracts.study;

import com.google.re2j.Pattern;

/**
 * Files that belong to a session beside its series.
 *
 * @param label what they are, for people
 * @param file found anywhere in the file's name, ignoring case
 * @param minCount how many there must be at least
 * @param minBytes how large each must be at least
 */
public record PairedData(String label, Pattern file, int minCount, long minBytes, AppliesTo appliesTo) {}
