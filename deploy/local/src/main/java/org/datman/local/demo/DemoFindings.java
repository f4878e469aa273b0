package org.datman.local.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Level;

/**
 * The QC results of the currently published images, so that people can judge whether a flag is false.
 *
 * @param notPassed every image that did not pass, with its reasons, in the order of the sessions
 * @param levels how many images have which verdict
 */
record DemoFindings(List<Finding> notPassed, Map<Level, Integer> levels) {

    DemoFindings {
        notPassed = List.copyOf(notPassed);
    }

    /** One image that did not pass. */
    record Finding(String session, String stem, Level level, List<String> reasons, List<String> contradictions) {}

    static DemoFindings of(Collection<SessionHistory> histories) {
        List<Finding> notPassed = new ArrayList<>();
        Map<Level, Integer> levels = new TreeMap<>();
        for (SessionHistory history : histories) {
            for (SeriesHistory series : history.series.values()) {
                for (QcComplete qc : series.current()) {
                    levels.merge(qc.verdict().level(), 1, Integer::sum);
                    if (qc.verdict().level() != Level.PASS) {
                        notPassed.add(new Finding(
                                history.label(),
                                qc.stem(),
                                qc.verdict().level(),
                                qc.verdict().reasons(),
                                qc.verdict().contradictions()));
                    }
                }
            }
        }
        return new DemoFindings(notPassed, levels);
    }

    /** How many headers contain contradicting values. */
    int contradictions() {
        return notPassed.stream().mapToInt(one -> one.contradictions().size()).sum();
    }

    /** How many images are flagged or could not be measured. */
    int flags() {
        return levels.getOrDefault(Level.FLAG, 0) + levels.getOrDefault(Level.ERROR, 0);
    }
}
