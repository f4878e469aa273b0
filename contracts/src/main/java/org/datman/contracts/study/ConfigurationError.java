package org.datman.contracts.study;

/**
 * What is wrong in a configuration file, where, and what is allowed.
 *
 * @param line 1-based; 0 when the fault is of the file or folder as a whole
 * @param column 1-based; 0 likewise
 * @param key path of the key, as {@code Sites.CMH.Tags.T1.Pattern}
 */
public record ConfigurationError(String file, int line, int column, String key, String problem, String allowed) {

    /** {@code DEMO.yml:12:5: Tags.T1.Count: 'two' is not a number; allowed: …} */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        String what = key.isEmpty() ? problem : key + ": " + problem;
        return place + ": " + what + (allowed.isEmpty() ? "" : "; allowed: " + allowed);
    }
}
